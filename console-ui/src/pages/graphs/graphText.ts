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

export const draftOf = ({ collection, from, to }: EdgeDefinition): EdgeDraft => ({ collection, from: from.join(', '), to: to.join(', ') });

/** One call that brings a graph nearer to what is wanted. */
export interface EdgeChange {
  kind: 'add' | 'replace' | 'remove';
  definition: EdgeDefinition;
}

/** What leads from the definitions of a graph to others: removals first, so that what is added cannot be refused for what goes. */
export function changesOf(before: readonly EdgeDefinition[], after: readonly EdgeDefinition[]): EdgeChange[] {
  const ends = ({ from, to }: EdgeDefinition) => JSON.stringify([[...new Set(from)].sort(), [...new Set(to)].sort()]);
  const present = new Map(before.map(definition => [definition.collection, definition]));
  const wanted = new Set(after.map(definition => definition.collection));
  const changes: EdgeChange[] = before.filter(definition => !wanted.has(definition.collection)).map(definition => ({ kind: 'remove', definition }));
  for (const definition of after) {
    const old = present.get(definition.collection);
    if (!old) changes.push({ kind: 'add', definition });
    else if (ends(old) !== ends(definition)) changes.push({ kind: 'replace', definition });
  }
  return changes;
}
