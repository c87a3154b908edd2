// Reads rows out of files of any size, a piece at a time: nothing holds a whole file.

import type { Document } from '../../../core/api/answers';

export const formats = ['csv', 'json', 'jsonl', 'dynamodb'] as const;

export type Format = (typeof formats)[number];

/** A row of a file: a document, or why it is none. `line` counts rows from 1. */
export type Row = { line: number; document: Document } | { line: number; problem: string; text: string };

export interface ReadOptions {
  format: Format;
  /** CSV: fields that read as numbers, true or false become such. */
  guessesTypes: boolean;
}

/** Splits CSV into records: quoted fields may hold separators, quotes (doubled) and line ends. */
export class CsvSplitter {
  private field = '';
  private record: string[] = [];
  private quoted = false;
  private wasQuoted = false;
  private afterReturn = false;

  constructor(private readonly separator: string) {}

  *push(text: string): Generator<string[]> {
    for (let index = 0; index < text.length; index++) {
      const letter = text[index];
      if (this.quoted) {
        if (letter === '"') this.quoted = false;
        else this.field += letter;
        continue;
      }
      const skipped = this.afterReturn && letter === '\n';
      this.afterReturn = false;
      if (skipped) continue;
      if (letter === '"') {
        // A quote right after the closing one stands for itself.
        if (this.wasQuoted) this.field += '"';
        this.quoted = this.wasQuoted || this.field === '';
        if (!this.quoted) this.field += '"';
        this.wasQuoted = true;
      } else if (letter === this.separator) this.endField();
      else if (letter === '\n' || letter === '\r') {
        this.afterReturn = letter === '\r';
        this.endField();
        const record = this.record;
        this.record = [];
        if (record.length > 1 || record[0] !== '') yield record;
      } else this.field += letter;
    }
  }

  *end(): Generator<string[]> {
    if (this.field === '' && this.record.length === 0 && !this.wasQuoted) return;
    this.endField();
    const record = this.record;
    this.record = [];
    if (record.length > 1 || record[0] !== '') yield record;
  }

  private endField(): void {
    this.record.push(this.field);
    this.field = '';
    this.wasQuoted = false;
  }
}

/** The separator of a CSV file: what its first line has most of. */
export function guessSeparator(start: string): string {
  const line = start.split('\n', 1)[0].replace(/"[^"]*"/g, '');
  return [',', ';', '\t', '|'].reduce((best, one) => (line.split(one).length > line.split(best).length ? one : best));
}

/** What a CSV field means. Numbers with leading zeros or more digits than a number keeps stay texts. */
export function guessValue(text: string): unknown {
  if (text === '') return null;
  if (text === 'true' || text === 'false') return text === 'true';
  if (/^-?(0|[1-9]\d{0,14})(\.\d+)?([eE][+-]?\d{1,2})?$/.test(text)) return Number(text);
  return text;
}

/** Cuts the elements of a JSON array, or values one after the other, out of a text that comes in pieces. */
export class JsonSplitter {
  private depth = 0;
  private inString = false;
  private escaped = false;
  private started = false;
  private value = '';

  *push(text: string): Generator<string> {
    let from = 0;
    for (let index = 0; index < text.length; index++) {
      const letter = text[index];
      if (!this.started) {
        if (/[\s\uFEFF]/.test(letter)) {
          from = index + 1;
          continue;
        }
        this.started = true;
        if (letter === '[') {
          from = index + 1;
          continue;
        }
      }
      if (this.inString) {
        if (this.escaped) this.escaped = false;
        else if (letter === '\\') this.escaped = true;
        else if (letter === '"') this.inString = false;
      } else if (letter === '"') this.inString = true;
      else if (letter === '{' || letter === '[') this.depth++;
      else if (letter === '}' || letter === ']') {
        if (this.depth > 0) {
          this.depth--;
          if (this.depth === 0) {
            this.value += text.slice(from, index + 1);
            from = index + 1;
            yield* this.take();
          }
        } else {
          // The array's own end.
          this.value += text.slice(from, index);
          from = index + 1;
          yield* this.take();
        }
      } else if (letter === ',' && this.depth === 0) {
        this.value += text.slice(from, index);
        from = index + 1;
        yield* this.take();
      }
    }
    this.value += text.slice(from);
  }

  *end(): Generator<string> {
    yield* this.take();
  }

  private *take(): Generator<string> {
    const text = this.value.trim();
    this.value = '';
    if (text) yield text;
  }
}

/** A value of DynamoDB's typed JSON as plain JSON: {"S":"x"}, {"N":"1"}, {"M":{…}}, sets as arrays. */
export function fromDynamo(typed: unknown): unknown {
  if (typed === null || typeof typed !== 'object') return typed;
  const [[type, value]] = Object.entries(typed).concat([['', undefined]]) as [string, unknown][];
  switch (type) {
    case 'S':
    case 'B':
    case 'BOOL':
      return value;
    case 'N':
      return numberOf(String(value));
    case 'NULL':
      return null;
    case 'M':
      return Object.fromEntries(Object.entries(value as Document).map(([name, inner]) => [name, fromDynamo(inner)]));
    case 'L':
      return (value as unknown[]).map(fromDynamo);
    case 'SS':
    case 'BS':
      return value;
    case 'NS':
      return (value as string[]).map(numberOf);
    default:
      throw new Error(`no DynamoDB type: ${type}`);
  }
}

// A number that a double cannot hold stays a text, so that no digit is lost.
const numberOf = (text: string): unknown => (Number.isSafeInteger(Number(text)) || !/^-?\d+$/.test(text) ? Number(text) : text);

function fromDynamoLine(value: unknown): Document {
  const item = (value as { Item?: Document } | null)?.Item ?? value;
  return Object.fromEntries(Object.entries(item as Document).map(([name, typed]) => [name, fromDynamo(typed)]));
}

function toRow(line: number, text: string, format: Format): Row {
  try {
    const value = JSON.parse(text) as unknown;
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return { line, problem: 'a document is an object: { … }', text };
    return { line, document: format === 'dynamodb' ? fromDynamoLine(value) : (value as Document) };
  } catch (problem) {
    return { line, problem: (problem as Error).message, text };
  }
}

const longestFirstLine = 65_536;

/** The same text in pieces of which the first holds the first line whole, since the separator is guessed from it. */
async function* withFirstLine(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let start = '';
  let isComplete = false;
  for await (const piece of pieces) {
    start += piece;
    isComplete ||= start.includes('\n') || start.length > longestFirstLine;
    if (!isComplete) continue;
    yield start;
    start = '';
  }
  if (start) yield start;
}

/** The rows of a text that comes in pieces. */
export async function* readRows(pieces: AsyncIterable<string>, { format, guessesTypes }: ReadOptions): AsyncGenerator<Row> {
  let line = 0;
  if (format === 'csv') {
    let splitter: CsvSplitter | null = null;
    let names: string[] | null = null;
    const record = (fields: string[]): Row | null => {
      if (!names) {
        names = fields.map((name, index) => name.replace(/^\uFEFF/, '').trim() || `column${index + 1}`);
        return null;
      }
      line++;
      if (fields.length > names.length) return { line, problem: `${fields.length} fields, but ${names.length} names`, text: fields.join(',') };
      return { line, document: Object.fromEntries(fields.map((field, index) => [names![index], guessesTypes ? guessValue(field) : field])) };
    };
    for await (const piece of withFirstLine(pieces)) {
      splitter ??= new CsvSplitter(guessSeparator(piece));
      for (const fields of splitter.push(piece)) {
        const row = record(fields);
        if (row) yield row;
      }
    }
    for (const fields of splitter?.end() ?? []) {
      const row = record(fields);
      if (row) yield row;
    }
  } else if (format === 'json') {
    const splitter = new JsonSplitter();
    for await (const piece of pieces) for (const text of splitter.push(piece)) yield toRow(++line, text, format);
    for (const text of splitter.end()) yield toRow(++line, text, format);
  } else {
    let rest = '';
    for await (const piece of pieces) {
      const lines = (rest + piece).split('\n');
      rest = lines.pop()!;
      for (const text of lines) if (text.trim()) yield toRow(++line, text.trim(), format);
    }
    if (rest.trim()) yield toRow(++line, rest.trim(), format);
  }
}

/** What a file holds, by its name and its first kilobytes. */
export function guessFormat(name: string, start: string): Format {
  const text = start.replace(/^\uFEFF/, '').trimStart();
  if (/\.(csv|tsv)(\.gz)?$/i.test(name)) return 'csv';
  if (text.startsWith('{')) return /^\{\s*"Item"\s*:/.test(text) || /^\{\s*"[^"]+"\s*:\s*\{\s*"(S|N|M|L|BOOL|NULL|SS|NS|B)"\s*:/.test(text) ? 'dynamodb' : isLines(text) ? 'jsonl' : 'json';
  if (text.startsWith('[')) return 'json';
  return 'csv';
}

const isLines = (text: string) => {
  const [first] = text.split('\n', 1);
  try {
    JSON.parse(first);
    return true;
  } catch {
    return !/^\{\s*$/.test(first.trim());
  }
};

/** The text of a file in pieces, unpacked when it is gzip; `onBytes` hears how much of the file is read. */
export async function* textOf(file: Blob, onBytes: (bytes: number) => void = () => undefined): AsyncGenerator<string> {
  const head = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  let read = 0;
  const counted = file.stream().pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        read += chunk.length;
        onBytes(read);
        controller.enqueue(chunk);
      },
    }),
  );
  const plain = head[0] === 0x1f && head[1] === 0x8b ? counted.pipeThrough(new DecompressionStream('gzip') as unknown as TransformStream<Uint8Array, Uint8Array>) : counted;
  const reader = plain.pipeThrough(new TextDecoderStream() as unknown as TransformStream<Uint8Array, string>).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // An import that is cancelled leaves the file half read; without this it would be read on.
    void reader.cancel().catch(() => undefined);
  }
}

/** The document as it is sent: with its key from a field, when one is chosen. */
export function keyed(document: Document, keyField: string): Document {
  const key = keyField ? document[keyField] : undefined;
  return key === undefined || key === null ? document : { ...document, _key: String(key) };
}
