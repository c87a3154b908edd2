import { describe, expect, it } from 'vitest';
import { gzipSync } from 'node:zlib';
import { CsvSplitter, fromDynamo, guessFormat, guessSeparator, guessValue, JsonSplitter, keyed, readRows, textOf, type Format, type Row } from '../../src/pages/collection/importing/readers';

async function* cut(text: string, size: number): AsyncGenerator<string> {
  for (let index = 0; index < text.length; index += size) yield text.slice(index, index + size);
}

/** The rows must be the same wherever the file is cut into pieces. */
async function rowsOf(text: string, format: Format, guessesTypes = true): Promise<Row[]> {
  const results: Row[][] = [];
  for (const size of [1, 2, 3, 7, 1000]) {
    const rows: Row[] = [];
    for await (const row of readRows(cut(text, size), { format, guessesTypes })) rows.push(row);
    results.push(rows);
  }
  for (const other of results) expect(other).toEqual(results[0]);
  return results[0];
}

const documents = (rows: Row[]) => rows.map(row => ('document' in row ? row.document : row.problem));

describe('CSV', () => {
  it('reads quotes, separators and line ends inside fields', async () => {
    expect(documents(await rowsOf('name,note\r\n"Lind, Ada","said ""hi""\nand left"\r\nBo,\r\n', 'csv'))).toEqual([
      { name: 'Lind, Ada', note: 'said "hi"\nand left' },
      { name: 'Bo', note: null },
    ]);
  });

  it('takes the last line without a line end, and skips empty lines', async () => {
    expect(documents(await rowsOf('\uFEFFa;b\n1;2\n\n3;4', 'csv'))).toEqual([
      { a: 1, b: 2 },
      { a: 3, b: 4 },
    ]);
  });

  it('says which line has too many fields', async () => {
    expect(await rowsOf('a,b\n1,2,3\n4,5', 'csv')).toEqual([
      { line: 1, problem: '3 fields, but 2 names', text: '1,2,3' },
      { line: 2, document: { a: 4, b: 5 } },
    ]);
  });

  it('keeps a quote that stands inside a field', () => {
    expect([...new CsvSplitter(',').push('5" pipe,x\n')]).toEqual([['5" pipe', 'x']]);
  });

  it('guesses types without losing digits', () => {
    expect(['007', '1.5', '-3', '1e3', '12345678901234567890', 'true', '', ' 1'].map(guessValue)).toEqual(['007', 1.5, -3, 1000, '12345678901234567890', true, null, ' 1']);
  });

  it('guesses the separator from the first line', () => {
    expect([guessSeparator('a;b;c\n1,2'), guessSeparator('a\tb'), guessSeparator('"a,b,c";d'), guessSeparator('a')]).toEqual([';', '\t', ';', ',']);
  });
});

describe('JSON', () => {
  it('reads an array of any layout', async () => {
    expect(documents(await rowsOf(' [ {"a": "]}," }, {"b": [1,{"c":"\\""}]}\n,{} ] ', 'json'))).toEqual([{ a: ']},' }, { b: [1, { c: '"' }] }, {}]);
  });

  it('reads objects one after the other', async () => {
    expect(documents(await rowsOf('{"a":1}\n{"a":\n2}', 'json'))).toEqual([{ a: 1 }, { a: 2 }]);
  });

  it('rejects what is no object and goes on', async () => {
    expect(await rowsOf('[1, {"a":1}, "x"]', 'json')).toEqual([
      { line: 1, problem: 'a document is an object: { … }', text: '1' },
      { line: 2, document: { a: 1 } },
      { line: 3, problem: 'a document is an object: { … }', text: '"x"' },
    ]);
  });

  it('splits without an end', () => {
    const splitter = new JsonSplitter();
    expect([...splitter.push('[{"a":1},{"b"')]).toEqual(['{"a":1}']);
    expect([...splitter.end()]).toEqual(['{"b"']);
  });

  it('rejects a broken line of JSON lines and goes on', async () => {
    const rows = await rowsOf('{"a":1}\n{oops\n\n{"a":2}', 'jsonl');
    expect(rows.map(row => ('document' in row ? row.document : 'rejected'))).toEqual([{ a: 1 }, 'rejected', { a: 2 }]);
  });
});

describe('DynamoDB JSON', () => {
  it('takes the types away', async () => {
    expect(documents(await rowsOf('{"Item":{"id":{"S":"1"},"n":{"N":"1.5"},"ok":{"BOOL":true},"no":{"NULL":true},"l":{"L":[{"N":"1"},{"S":"x"}]},"m":{"M":{"a":{"N":"2"}}},"s":{"SS":["a"]},"ns":{"NS":["1","2"]}}}\n', 'dynamodb'))).toEqual([
      { id: '1', n: 1.5, ok: true, no: null, l: [1, 'x'], m: { a: 2 }, s: ['a'], ns: [1, 2] },
    ]);
  });

  it('keeps whole numbers that a double cannot hold', () => {
    expect(fromDynamo({ N: '12345678901234567890' })).toBe('12345678901234567890');
  });

  it('refuses a type it does not know', async () => {
    expect(documents(await rowsOf('{"Item":{"a":{"X":"1"}}}', 'dynamodb'))).toEqual(['no DynamoDB type: X']);
  });
});

describe('a file', () => {
  it('is unpacked when it is gzip, whatever its name', async () => {
    let text = '';
    for await (const piece of textOf(new Blob([gzipSync('a,b\n1,2\n')]))) text += piece;
    expect(text).toBe('a,b\n1,2\n');
  });

  it('is recognized by its name and its beginning', () => {
    expect([
      guessFormat('a.csv', '[1]'),
      guessFormat('a.json', '[{"a":1}]'),
      guessFormat('a.json', '{"a":1}\n{"a":2}\n'),
      guessFormat('x.json.gz', '{"Item":{"id":{"S":"1"}}}\n'),
      guessFormat('', 'name,age\nAda,36'),
      guessFormat('a.json', '{\n  "a": 1\n}'),
    ]).toEqual(['csv', 'json', 'jsonl', 'dynamodb', 'csv', 'json']);
  });

  it('gives the key from a field, as a text', () => {
    expect(keyed({ id: 7, a: 1 }, 'id')).toEqual({ id: 7, a: 1, _key: '7' });
    expect(keyed({ a: 1 }, 'id')).toEqual({ a: 1 });
  });
});
