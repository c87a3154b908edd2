import { cellOf, cellText, columnsOf, type Row } from './columns';

export type Format = 'csv' | 'json' | 'jsonl';

/** What a file is made of: pieces, so that no second copy of a large result is built as one string. */
export function* pieces(rows: readonly Row[], format: Format, columns?: readonly string[]): Generator<string> {
  if (format === 'csv') {
    const names = columns ?? columnsOf(rows);
    yield `${names.map(csvField).join(',')}\r\n`;
    for (const row of rows) yield `${names.map(name => csvField(csvText(cellOf(row, name)))).join(',')}\r\n`;
  } else if (format === 'jsonl') {
    for (const row of rows) yield `${JSON.stringify(row)}\n`;
  } else {
    yield '[';
    for (let index = 0; index < rows.length; index++) yield `${index ? ',' : ''}\n${JSON.stringify(rows[index])}`;
    yield '\n]\n';
  }
}

/** Null and missing are both empty, as every spreadsheet reads it; arrays and objects are JSON. */
const csvText = (value: unknown) => (value === null ? '' : cellText(value));

export function csvField(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const TYPES: Record<Format, string> = { csv: 'text/csv', json: 'application/json', jsonl: 'application/jsonl' };

/** Hands a result to the browser as a file. */
export function download(rows: readonly Row[], format: Format, name: string, columns?: readonly string[]): void {
  // A leading mark tells spreadsheets that the text is UTF-8.
  const parts = [...(format === 'csv' ? ['\uFEFF'] : []), ...pieces(rows, format, columns)];
  saveFile(new Blob(parts, { type: `${TYPES[format]};charset=utf-8` }), `${name}.${format}`);
}

export function saveFile(content: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The browser reads the address after the click has returned.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
