import type { Document } from '../../../core/api/answers';
import { editable } from '../../collection/changes';

const isObject = (value: unknown): value is Document => value !== null && typeof value === 'object' && !Array.isArray(value);

/**
 * The names on the way to what a conflict is about. The journal joins them by dots, and names may have dots themselves: those that the document has
 * count first. Null for what is inside an array, whose elements the journal does not tell apart.
 */
export function stepsOf(document: Document, path: string): string[] | null {
  if (path === '') return [];
  if (path.split('.').includes('[]')) return null;
  return walk(document, path) ?? path.split('.');
}

function walk(value: unknown, path: string): string[] | null {
  if (!isObject(value)) return null;
  if (path in value) return [path];
  for (const name of Object.keys(value)) {
    if (!path.startsWith(`${name}.`)) continue;
    const rest = path.slice(name.length + 1);
    return [name, ...(walk(value[name], rest) ?? rest.split('.'))];
  }
  return null;
}

/** What a document has at a place; undefined when it has nothing there. */
export function valueAt(document: Document, steps: readonly string[]): unknown {
  return steps.reduce<unknown>((value, name) => (isObject(value) ? value[name] : undefined), document);
}

/** The document with a lost value in its place: what is to be written, without what the server sets. */
export function withValue(document: Document, steps: readonly string[], lost: unknown): Document {
  if (steps.length === 0) return isObject(lost) ? editable(lost) : {};
  return editable(put(document, steps, lost) as Document);
}

function put(value: unknown, [name, ...rest]: readonly string[], lost: unknown): unknown {
  const object = isObject(value) ? value : {};
  return { ...object, [name]: rest.length === 0 ? lost : put(object[name], rest, lost) };
}
