import type { SavedQuery } from '../../core/api/answers';
import { bindNamesOf } from '../../core/c8ql/tree';
import type { BindName } from '../../core/c8ql/scope';

/** The newest change first; an older server tells no times, and its order is kept. */
export const newestFirst = (queries: readonly SavedQuery[]): SavedQuery[] =>
  queries.every(query => query.changed) ? queries.toSorted((a, b) => (a.changed! < b.changed! ? 1 : -1)) : [...queries];

export interface Parameter extends BindName {
  /** Undefined when the caller must give a value. */
  byDefault?: unknown;
}

export const parametersOf = (query: SavedQuery): Parameter[] => bindNamesOf(query.value).map(name => ({ ...name, byDefault: query.parameter?.[name.name] }));

/** The owner's name without the tenant in front. */
export const ownerOf = (query: SavedQuery): string => query.userid?.split('.').at(-1) ?? '';

export interface Folder {
  path: string;
  queries: SavedQuery[];
}

/** Queries by the part of their name before the last `/`: those without one first, then folders by name. */
export function foldersOf(queries: readonly SavedQuery[]): Folder[] {
  const found = new Map<string, SavedQuery[]>();
  for (const query of queries) {
    const path = query.name.slice(0, Math.max(0, query.name.lastIndexOf('/')));
    found.set(path, [...(found.get(path) ?? []), query]);
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, inside]) => ({ path, queries: inside }));
}

export function fits(query: SavedQuery, typed: string): boolean {
  const text = `${query.name} ${query.description ?? ''} ${query.value}`.toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every(word => text.includes(word));
}

/** The file that Export writes and Import reads. */
export const exportText = (queries: readonly SavedQuery[]): string =>
  `${JSON.stringify({ queries: queries.map(({ name, value, parameter, description }) => ({ name, value, parameter: parameter ?? {}, ...(description ? { description } : {}) })) }, null, 2)}\n`;

/** The queries in a file: what Export wrote, or a bare array; null when it holds neither. */
export function importedQueries(text: string): { name: string; value: string }[] | null {
  try {
    const content = JSON.parse(text) as unknown;
    const list = Array.isArray(content) ? content : (content as { queries?: unknown } | null)?.queries;
    const isQuery = (item: unknown) => typeof (item as SavedQuery | null)?.name === 'string' && typeof (item as SavedQuery).value === 'string';
    return Array.isArray(list) && list.length > 0 && list.every(isQuery) ? (list as { name: string; value: string }[]) : null;
  } catch {
    return null;
  }
}
