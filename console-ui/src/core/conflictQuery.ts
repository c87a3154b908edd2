/** What a write lost against one it did not know of, as the journal of a region keeps it. */
export interface Conflict {
  _key: string;
  collection: string;
  key: string;
  document: string;
  /** Names joined by dots, `[]` for an element; empty for the whole document. */
  path: string;
  rule: string;
  lost: unknown;
  lostRevision: string;
  lostRegion: string;
  winnerRevision: string;
  winnerRegion: string;
  /** Seconds since 1970. */
  at: number;
}

export interface ConflictFilter {
  /** The region whose journal is read; each keeps its own. Without it the one that is asked. */
  journal?: string;
  collection?: string;
  document?: string;
  /** Either side's. */
  region?: string;
  /** Seconds since 1970. */
  since?: number;
}

export const conflictsMax = 200;

const conditions: Record<Exclude<keyof ConflictFilter, 'journal'>, string> = {
  since: 'c.at >= @since',
  collection: 'c.collection == @collection',
  document: 'c.document == @document',
  region: '(c.lostRegion == @region OR c.winnerRegion == @region)',
};

/** The newest entries that fit, as a query. */
export function conflictQuery({ journal: _, ...filter }: ConflictFilter): { query: string; bindVars: Record<string, unknown> } {
  const given = (Object.keys(conditions) as (keyof typeof conditions)[]).filter(name => filter[name] !== undefined && filter[name] !== '');
  return {
    query: ['FOR c IN _conflicts', ...given.map(name => `  FILTER ${conditions[name]}`), '  SORT c.at DESC', `  LIMIT ${conflictsMax}`, '  RETURN c'].join('\n'),
    bindVars: Object.fromEntries(given.map(name => [name, filter[name]])),
  };
}
