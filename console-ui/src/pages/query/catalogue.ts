import { computed, effect, signal } from '@preact/signals';
import { ApiError, call } from '../../core/api/client';
import type { Catalogue, Reference } from '../../core/c8ql/reference';
import { type QueryCheck, type QueryProblem } from '../../core/c8ql/problems';
import { collections, loadCollections } from '../../core/catalogue';
import { fabric } from '../../core/router';

const reference = signal<Reference>({ functions: [] });
const graphs = signal<string[]>([]);
const views = signal<string[]>([]);
const fieldsOf = new Map<string, Promise<readonly string[]>>();
const SAMPLE = 100;

let loadedFabric = '';

/** Loads what completion offers beside the collections, and again in another fabric. */
export const startQueryCatalogue = () =>
  effect(() => {
    if (loadedFabric === fabric.value) return;
    loadedFabric = fabric.value;
    fieldsOf.clear();
    if (!collections.value) void loadCollections();
    void quietly(async () => {
      if (reference.peek().functions.length === 0) reference.value = (await call('readLanguageReference', {})).result;
    });
    void quietly(async () => {
      graphs.value = (await call('listGraphs', {})).graphs.map(graph => graph.name);
    });
    void quietly(async () => {
      views.value = (await call('listViews', {})).result.map(view => view.name);
    });
  });

// Completion does without what cannot be had.
const quietly = (load: () => Promise<void>) => load().catch(() => {});

export const graphNames = graphs;

const sources = computed(() => (collections.value ?? []).map(({ name, type }) => ({ name, isEdge: type === 3 })));

export const catalogue: Catalogue = {
  reference: () => reference.value,
  collections: () => sources.value,
  graphs: () => graphs.value,
  views: () => views.value,
  fields(collection) {
    let paths = fieldsOf.get(collection);
    if (!paths) {
      paths = sampledFields(collection);
      fieldsOf.set(collection, paths);
    }
    return paths;
  },
};

async function sampledFields(collection: string): Promise<readonly string[]> {
  if (!collections.value?.some(one => one.name === collection)) return [];
  try {
    const sample = await call('sampleCollection', { path: { collection }, query: { limit: String(SAMPLE) } });
    return sample.result.fields.map(field => field.path);
  } catch {
    fieldsOf.delete(collection);
    return [];
  }
}

/** The bind values are not known while somebody types; what they lack is told when the query is run. */
const BIND_ERRORS = [1550, 1551, 1552, 1553];

/** Asks the server for the plan of a text: that finds wrong names as well as wrong syntax. */
export const checkQuery: QueryCheck = async (query, signal) => {
  try {
    await call('explainQuery', { body: { query }, signal });
    return null;
  } catch (error) {
    return error instanceof ApiError && !BIND_ERRORS.includes(error.errorNum) ? problemOf(error) : null;
  }
};

export function problemOf(error: ApiError): QueryProblem {
  const { position, suggestion } = error.body as Pick<QueryProblem, 'position' | 'suggestion'>;
  return { message: error.message, number: error.errorNum, position, suggestion };
}

/** The text laid out by the server. */
export async function formatted(query: string): Promise<string> {
  const answer = await call('formatQuery', { body: { query } });
  return answer.result.query.trimEnd();
}
