export type Row = unknown;

/** The name of the only column of rows that are no objects. */
export const VALUE_COLUMN = 'value';

const SYSTEM = ['_key', '_id', '_rev', '_from', '_to'];
const SAMPLE = 1000;
const MOST = 500;

export const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The columns of rows: all attributes of the first ones. What names a document or an edge leads, what else the server sets ends. */
export function columnsOf(rows: Iterable<Row>): string[] {
  const names = new Set<string>();
  let hasValues = false;
  let seen = 0;
  for (const row of rows) {
    if (++seen > SAMPLE || names.size > MOST) break;
    if (isObject(row)) for (const name of Object.keys(row)) names.add(name);
    else hasValues = true;
  }
  const own = [...names].filter(name => !SYSTEM.includes(name));
  const named = (system: string[]) => system.filter(name => names.has(name));
  return [...named(['_key', '_from', '_to']), ...(hasValues ? [VALUE_COLUMN] : []), ...own.filter(name => !(hasValues && name === VALUE_COLUMN)), ...named(['_id', '_rev'])];
}

/** Columns shown before anybody picks: `_id` and `_rev` say nothing new beside `_key`. */
export function defaultColumns(columns: readonly string[]): string[] {
  const others = columns.filter(name => !SYSTEM.includes(name));
  return others.length ? columns.filter(name => name !== '_id' && name !== '_rev') : [...columns];
}

export function cellOf(row: Row, column: string): unknown {
  if (isObject(row)) return row[column];
  return column === VALUE_COLUMN ? row : undefined;
}

/** A value in one line. */
export function cellText(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  return JSON.stringify(value);
}

const [PADDING, WIDTH_MIN, WIDTH_MAX, WIDTH_SAMPLE] = [26, 70, 360, 100];

/** How a column is laid out, from what its first rows hold: as wide as their texts are, in pixels, and whether all of them are numbers. */
export function layoutOf(name: string, rows: Iterable<Row>, pixelsOfCharacter: number): { width: number; numeric: boolean } {
  // The head has a mark for the order beside its name.
  let longest = name.length + 2;
  let seen = 0;
  let present = 0;
  let numbers = 0;
  for (const row of rows) {
    if (++seen > WIDTH_SAMPLE) break;
    const value = cellOf(row, name);
    longest = Math.max(longest, cellText(value).length);
    if (value !== null && value !== undefined) present++;
    if (typeof value === 'number') numbers++;
  }
  return { width: Math.round(Math.min(WIDTH_MAX, Math.max(WIDTH_MIN, longest * pixelsOfCharacter + PADDING))), numeric: present > 0 && numbers === present };
}

export type Kind = 'missing' | 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object';

export function kindOf(value: unknown): Kind {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value as Kind;
}

const RANK: Kind[] = ['missing', 'null', 'boolean', 'number', 'string', 'array', 'object'];
const collator = new Intl.Collator('en', { numeric: false });

/** The order of values in C8QL, near enough for sorting what is on the screen. */
export function compareValues(left: unknown, right: unknown): number {
  const [a, b] = [kindOf(left), kindOf(right)];
  if (a !== b) return RANK.indexOf(a) - RANK.indexOf(b);
  if (a === 'number' || a === 'boolean') return Number(left) - Number(right);
  return collator.compare(cellText(left), cellText(right));
}
