import { call } from '../../core/api/client';
import type { CollectionFacts } from '../../core/c8ql/hints';

const FRESH_MILLISECONDS = 30_000;

const known = new Map<string, { at: number; facts: Promise<CollectionFacts> }>();

/** How many documents a collection has, and what its indexes start with; asked for anew after half a minute. */
export function factsOf(collection: string): Promise<CollectionFacts> {
  const entry = known.get(collection);
  if (entry && Date.now() - entry.at < FRESH_MILLISECONDS) return entry.facts;
  const facts = readFacts(collection);
  known.set(collection, { at: Date.now(), facts });
  return facts;
}

/** After the page itself changed a collection. */
export const forgetFacts = (collection: string) => known.delete(collection);

async function readFacts(collection: string): Promise<CollectionFacts> {
  const [{ count }, { indexes }] = await Promise.all([call('countDocuments', { path: { collection } }), call('listIndexes', { query: { collection } })]);
  const indexedFields = indexes.filter(index => index.type !== 'primary').flatMap(index => index.fields.slice(0, 1).map(field => (typeof field === 'string' ? field : field.name)));
  return { count, indexedFields };
}
