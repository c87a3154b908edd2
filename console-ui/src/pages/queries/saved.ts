import { bindNamesOf } from '../../core/c8ql/tree';
import type { BindName } from '../../core/c8ql/scope';

/** A saved query as the server lists it; what an older server does not tell is missing. */
export interface Saved {
  name: string;
  value: string;
  parameter?: Record<string, unknown>;
  userid?: string;
  description?: string;
  created?: string;
  changed?: string;
  runs?: { calls: number; errors: number; lastRun: string | null; lastError: { at: string; errorNum: number; errorMessage: string } | null; averageMilliseconds: number | null };
}

/** The newest change first; an older server tells no times, and its order is kept. */
export const newestFirst = (queries: readonly Saved[]): Saved[] =>
  queries.every(query => query.changed) ? queries.toSorted((a, b) => (a.changed! < b.changed! ? 1 : -1)) : [...queries];

export interface Parameter extends BindName {
  /** Undefined when the caller must give a value. */
  byDefault?: unknown;
}

export const parametersOf = (query: Saved): Parameter[] => bindNamesOf(query.value).map(name => ({ ...name, byDefault: query.parameter?.[name.name] }));

/** The owner's name without the tenant in front. */
export const ownerOf = (query: Saved): string => query.userid?.split('.').at(-1) ?? '';

export interface Folder {
  path: string;
  queries: Saved[];
}

/** Queries by the part of their name before the last `/`: those without one first, then folders by name. */
export function foldersOf(queries: readonly Saved[]): Folder[] {
  const found = new Map<string, Saved[]>();
  for (const query of queries) {
    const path = query.name.slice(0, Math.max(0, query.name.lastIndexOf('/')));
    found.set(path, [...(found.get(path) ?? []), query]);
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, inside]) => ({ path, queries: inside }));
}

export function fits(query: Saved, typed: string): boolean {
  const text = `${query.name} ${query.description ?? ''} ${query.value}`.toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every(word => text.includes(word));
}

/** The file that Export writes and Import reads. */
export const exportText = (queries: readonly Saved[]): string =>
  `${JSON.stringify({ queries: queries.map(({ name, value, parameter, description }) => ({ name, value, parameter: parameter ?? {}, ...(description ? { description } : {}) })) }, null, 2)}\n`;

/** The queries in a file: what Export wrote, or a bare array; null when it holds neither. */
export function importedQueries(text: string): { name: string; value: string }[] | null {
  try {
    const content = JSON.parse(text) as unknown;
    const list = Array.isArray(content) ? content : (content as { queries?: unknown } | null)?.queries;
    const isQuery = (item: unknown) => typeof (item as Saved | null)?.name === 'string' && typeof (item as Saved).value === 'string';
    return Array.isArray(list) && list.length > 0 && list.every(isQuery) ? (list as { name: string; value: string }[]) : null;
  } catch {
    return null;
  }
}
