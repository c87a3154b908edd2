import type { Document } from '../../core/api/answers';

/** One attribute that differs; undefined means it is not there. */
export interface Change {
  path: string;
  before: unknown;
  after: unknown;
}

const isObject = (value: unknown): value is Document => value !== null && typeof value === 'object' && !Array.isArray(value);

export const isSame = (a: unknown, b: unknown): boolean => {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((one, index) => isSame(one, b[index]));
  if (isObject(a) && isObject(b)) {
    const names = Object.keys(a);
    return names.length === Object.keys(b).length && names.every(name => name in b && isSame(a[name], b[name]));
  }
  return false;
};

/** What changed from one document to another, attribute by attribute; objects are looked into, arrays are not. */
export function changesOf(before: Document, after: Document, prefix = ''): Change[] {
  const found: Change[] = [];
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const old = before[name];
    const now = after[name];
    if (isSame(old, now)) continue;
    if (isObject(old) && isObject(now)) found.push(...changesOf(old, now, `${prefix}${name}.`));
    else found.push({ path: prefix + name, before: old, after: now });
  }
  return found;
}

const system = new Set(['_id', '_key', '_rev']);

/** The part of a document that people edit: all but what the server sets. */
export const editable = (document: Document): Document => Object.fromEntries(Object.entries(document).filter(([name]) => !system.has(name)));

export interface Merge {
  /** Attributes that only one side changed are taken from that side; where both did, yours. */
  merged: Document;
  /** The attributes both sides changed, each in its own way. */
  conflicts: string[];
}

/** Merges two changes of one document, attribute by attribute. */
export function mergeDocuments(base: Document, yours: Document, theirs: Document): Merge {
  const merged: Document = {};
  const conflicts: string[] = [];
  for (const name of new Set([...Object.keys(theirs), ...Object.keys(yours), ...Object.keys(base)])) {
    const youChanged = !isSame(base[name], yours[name]);
    const theyChanged = !isSame(base[name], theirs[name]);
    const taken = youChanged ? yours[name] : theirs[name];
    if (youChanged && theyChanged && !isSame(yours[name], theirs[name])) conflicts.push(name);
    if (taken !== undefined) merged[name] = taken;
  }
  return { merged, conflicts };
}

/** A number of a JSON text that this browser would write back with other digits; null when all are kept. */
export function imprecise(json: string): string | null {
  const outside = json.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  for (const [number] of outside.matchAll(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g)) if (/^-?\d{16,}$/.test(number) && BigInt(number) !== BigInt(Number(number))) return number;
  return null;
}
