import type { EdgeDefinition } from '../../core/api/answers';

export type Direction = 'ANY' | 'OUTBOUND' | 'INBOUND';

export interface Walk {
  start: string;
  depth: number;
  direction: Direction;
  limit: number;
}

/** The query that walks a graph from a vertex, nearest first. */
export function walkText({ direction, depth }: Pick<Walk, 'direction' | 'depth'>): string {
  return [
    `FOR v, e IN 0..${depth} ${direction} @start GRAPH @graph`,
    '  OPTIONS { order: "bfs", uniqueVertices: "global" }',
    '  LIMIT @limit',
    '  RETURN { v, e }',
  ].join('\n');
}

/** What is typed for a kind of edge. */
export interface EdgeDraft {
  collection: string;
  from: string;
  to: string;
}

const namesIn = (text: string) =>
  text
    .split(',')
    .map(name => name.trim())
    .filter(Boolean);

/** The definitions that are filled in; a line with a gap is left out. */
export function definitionsOf(drafts: readonly EdgeDraft[]): EdgeDefinition[] {
  return drafts.map(({ collection, from, to }) => ({ collection: collection.trim(), from: namesIn(from), to: namesIn(to) })).filter(one => one.collection !== '' && one.from.length > 0 && one.to.length > 0);
}
