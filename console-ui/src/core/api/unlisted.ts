import type { OperationInputs } from './operations';

// Calls that the server has and docs/api/openapi.json does not list yet. A line goes away when the document names the call.

export const unlisted = {
  importLines: ['POST', '/_tenant/{tenant}/_fabric/{fabric}/import'],
} as const;

interface UnlistedInputs {
  importLines: { path: Record<never, string>; query: { collection: string; type?: string; onDuplicate?: string; details?: string }; body: true };
}

/** A call that is in both tables is taken from the document. */
export type AllInputs = OperationInputs & Omit<UnlistedInputs, keyof OperationInputs>;
