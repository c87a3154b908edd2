import { ApiError, call } from './api/client';
import { conflictQuery, conflictsMax, type Conflict, type ConflictFilter } from './conflictQuery';

/** Reads the journal; it is there from the first conflict on, so where it is not there are none. */
export async function readConflicts(filter: ConflictFilter, signal?: AbortSignal): Promise<Conflict[]> {
  try {
    const answer = await call('runQuery', { body: { ...conflictQuery(filter), batchSize: conflictsMax }, headers: filter.journal ? { 'x-gf-region': filter.journal } : {}, signal });
    return answer.result as Conflict[];
  } catch (error) {
    if (error instanceof ApiError && error.errorNum === 1203) return [];
    throw error;
  }
}

/** The address of the inspector, of one document's conflicts. */
export const conflictLink = (document: string) => `/fabric?conflicts=${encodeURIComponent(document)}`;
