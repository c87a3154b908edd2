import { isObject, type Row } from './columns';

export type Change = 'added' | 'removed' | 'changed' | 'same';

export interface ComparedRow {
  change: Change;
  before?: Row;
  after?: Row;
  /** The attributes that differ, of rows that are in both. */
  attributes: string[];
}

/** Two results row by row: documents by their `_key`, other rows by what they hold. Removed rows stand where they were. */
export function compareRows(before: readonly Row[], after: readonly Row[]): ComparedRow[] {
  const waiting = new Map<string, Row[]>();
  for (const row of after) push(waiting, identityOf(row), row);
  const compared: ComparedRow[] = before.map(row => {
    const partner = waiting.get(identityOf(row))?.shift();
    if (partner === undefined) return { change: 'removed', before: row, attributes: [] };
    const attributes = differingAttributes(row, partner);
    return { change: attributes.length ? 'changed' : 'same', before: row, after: partner, attributes };
  });
  const added = [...waiting.values()].flat().map((row): ComparedRow => ({ change: 'added', after: row, attributes: [] }));
  return [...compared, ...added];
}

export function countChanges(rows: readonly ComparedRow[]): Record<Change, number> {
  const counts: Record<Change, number> = { added: 0, removed: 0, changed: 0, same: 0 };
  for (const row of rows) counts[row.change]++;
  return counts;
}

function identityOf(row: Row): string {
  if (isObject(row) && typeof row._id === 'string') return `id ${row._id}`;
  if (isObject(row) && typeof row._key === 'string') return `key ${row._key}`;
  return JSON.stringify(row) ?? '';
}

function differingAttributes(before: Row, after: Row): string[] {
  if (!isObject(before) || !isObject(after)) return [];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter(name => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}

function push(map: Map<string, Row[]>, key: string, row: Row): void {
  const list = map.get(key);
  if (list) list.push(row);
  else map.set(key, [row]);
}
