import type { Document } from '../../core/api/answers';

/** A document as rows of a tree: what is in an object or a list follows it, one step deeper. */
export interface TreeRow {
  path: readonly (string | number)[];
  value: unknown;
  type: ValueType;
  /** How many values are in it; 0 for a plain value. */
  size: number;
}

export const valueTypes = ['text', 'number', 'boolean', 'null', 'object', 'list'] as const;

export type ValueType = (typeof valueTypes)[number];

export function typeOf(value: unknown): ValueType {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'object') return 'object';
  return typeof value === 'number' ? 'number' : typeof value === 'boolean' ? 'boolean' : 'text';
}

/** A path as one text, to remember what is folded. */
export const pathKey = (path: readonly (string | number)[]) => JSON.stringify(path);

/** The rows of what is not folded, at most so many; deep documents have no more stack than a loop. */
export function treeRows(document: Document, folded: ReadonlySet<string>, most: number): { rows: TreeRow[]; isCut: boolean } {
  const rows: TreeRow[] = [];
  const waiting: TreeRow[] = [];
  const push = (container: unknown, path: readonly (string | number)[]) => {
    const entries = Array.isArray(container) ? container.map((value, index) => [index, value] as const) : Object.entries(container as Document);
    for (const [name, value] of entries.slice(0, most).toReversed()) waiting.push({ path: [...path, name], value, type: typeOf(value), size: sizeOf(value) });
    return entries.length > most;
  };
  let isCut = push(document, []);
  while (waiting.length) {
    const row = waiting.pop()!;
    if (rows.length >= most) return { rows, isCut: true };
    rows.push(row);
    if (row.size > 0 && !folded.has(pathKey(row.path))) isCut = push(row.value, row.path) || isCut;
  }
  return { rows, isCut };
}

const sizeOf = (value: unknown) => (Array.isArray(value) ? value.length : typeof value === 'object' && value !== null ? Object.keys(value).length : 0);

/** The document with another value at a path; the other parts are the same objects as before. Undefined takes the value away. */
export function withValue<Container extends Document | unknown[]>(container: Container, path: readonly (string | number)[], value: unknown): Container {
  const [name, ...rest] = path;
  const copy = (Array.isArray(container) ? [...container] : { ...container }) as Record<string | number, unknown>;
  if (rest.length > 0) copy[name] = withValue(copy[name] as Document, rest, value);
  else if (value !== undefined) copy[name] = value;
  else if (Array.isArray(copy)) copy.splice(Number(name), 1);
  else delete copy[name];
  return copy as Container;
}

/** A value as another type, as near to what it was as that type can be. */
export function converted(value: unknown, type: ValueType): unknown {
  switch (type) {
    case 'text':
      return value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
    case 'number':
      return Number.isFinite(Number(value)) ? Number(value) : 0;
    case 'boolean':
      return value === true || value === 'true' || (typeof value === 'number' && value !== 0);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
    case 'list':
      return Array.isArray(value) ? value : value === null || value === undefined ? [] : [value];
    default:
      return null;
  }
}
