import type { GraphDefinition } from '../../core/api/answers';
import { call } from '../../core/api/client';
import { GraphBuilder, type DocumentLike, type GraphData } from '../../core/graph/graphData';
import { walkText, type Direction, type Walk } from './graphText';

/** How many neighbours a double click brings. */
export const expandStep = 25;

const neighboursText = (direction: Direction) => `FOR v, e IN 1..1 ${direction} @start GRAPH @graph LIMIT @offset, @limit RETURN { v, e }`;

interface Step {
  v: DocumentLike | null;
  e: DocumentLike | null;
}

async function rows<T>(query: string, bindVars: Record<string, unknown>, signal?: AbortSignal): Promise<T[]> {
  const answer = await call('runQuery', { body: { query, bindVars, batchSize: 10_000 }, signal });
  return answer.result as T[];
}

/** The collections a graph's vertices may lie in. */
export function vertexCollectionsOf(graph: GraphDefinition): string[] {
  return [...new Set([...graph.edgeDefinitions.flatMap(one => [...one.from, ...one.to]), ...graph.orphanCollections])].sort();
}

/** A vertex to begin with: one that an edge leads from, or any; null in an empty graph. */
export async function someVertex(graph: GraphDefinition, signal?: AbortSignal): Promise<string | null> {
  for (const { collection } of graph.edgeDefinitions) {
    const [found] = await rows<string>('FOR e IN @@edges LIMIT 1 RETURN e._from', { '@edges': collection }, signal);
    if (found) return found;
  }
  for (const collection of vertexCollectionsOf(graph)) {
    const [found] = await rows<string>('FOR v IN @@vertices LIMIT 1 RETURN v._id', { '@vertices': collection }, signal);
    if (found) return found;
  }
  return null;
}

/** Ids of vertices whose key begins with what was typed. */
export async function suggestVertices(graph: GraphDefinition, typed: string, signal?: AbortSignal): Promise<string[]> {
  const [collection, key = ''] = typed.includes('/') ? typed.split('/', 2) : [vertexCollectionsOf(graph)[0] ?? '', typed];
  if (!vertexCollectionsOf(graph).includes(collection)) return vertexCollectionsOf(graph).map(name => `${name}/`);
  return rows<string>('FOR v IN @@vertices FILTER v._key >= @key SORT v._key LIMIT 10 RETURN v._id', { '@vertices': collection, key }, signal);
}

/** The part of a graph around a vertex, with every edge between the vertices that were found. */
export async function walk(graph: GraphDefinition, walk: Walk, signal?: AbortSignal): Promise<GraphData> {
  const steps = await rows<Step>(walkText(walk), { start: walk.start, graph: graph.name, limit: walk.limit }, signal);
  const builder = new GraphBuilder();
  add(builder, steps);
  return withEdgesBetween(graph, builder.build(), signal);
}

/** Adds the next neighbours of a vertex; tells whether there are more. */
export async function expand(graph: GraphDefinition, data: GraphData, id: string, direction: Direction, offset: number, signal?: AbortSignal): Promise<{ data: GraphData; hasMore: boolean }> {
  const steps = await rows<Step>(neighboursText(direction), { start: id, graph: graph.name, offset, limit: expandStep + 1 }, signal);
  const builder = new GraphBuilder(data);
  add(builder, steps.slice(0, expandStep));
  return { data: builder.build(), hasMore: steps.length > expandStep };
}

function add(builder: GraphBuilder, steps: readonly Step[]): void {
  for (const { v } of steps) if (v) builder.add(v);
  for (const { e } of steps) if (e) builder.add(e);
}

async function withEdgesBetween(graph: GraphDefinition, data: GraphData, signal?: AbortSignal): Promise<GraphData> {
  const ids = data.nodes.map(node => node.id);
  if (ids.length < 3) return data;
  const builder = new GraphBuilder(data);
  const found = await Promise.all(
    graph.edgeDefinitions.map(({ collection }) => rows<DocumentLike>('FOR e IN @@edges FILTER e._from IN @ids AND e._to IN @ids LIMIT 4000 RETURN e', { '@edges': collection, ids }, signal)),
  );
  for (const edge of found.flat()) builder.add(edge);
  return builder.build();
}
