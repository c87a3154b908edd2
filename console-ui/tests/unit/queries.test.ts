import { describe, expect, it } from 'vitest';
import { packQuery, unpackQuery } from '../../src/core/c8ql/share';
import { place } from '../../src/core/c8ql/problems';
import { exportText, foldersOf, importedQueries, parametersOf } from '../../src/pages/queries/saved';
import { endpointUrl, snippet, snippetLanguages } from '../../src/pages/queries/snippets';
import { bindVarsOf, entriesOf } from '../../src/pages/query/binds';
import { searchHistory, trimmed } from '../../src/pages/query/history';

const call = { origin: 'http://127.0.0.1:8770', tenant: '_mm', fabric: '_system', name: 'showAddresses', bindVars: { city: "O'Slo", n: 3, isOn: true, none: null } };

describe('snippets', () => {
  it('name the endpoint as the documentation does', () => {
    expect(endpointUrl(call)).toBe('http://127.0.0.1:8770/_tenant/_mm/_fabric/_system/restql/execute/showAddresses');
  });

  it.each(snippetLanguages.map(([language]) => language))('%s holds path, token and values', language => {
    const text = snippet(language, call);
    expect(text).toContain('/_tenant/_mm/_fabric/_system/restql/execute/showAddresses');
    expect(text).toContain('GEOFABRIC_TOKEN');
    expect(text).toContain('city');
  });

  it('quote for the shell', () => {
    const body = snippet('curl', call).split('-d ')[1]!;
    expect(body).toMatch(/^'.*'$/);
    // What a shell makes of it: the quoted parts side by side, with the escaped quotation marks between them.
    expect(JSON.parse(body.slice(1, -1).replaceAll("'\\''", "'"))).toEqual({ bindVars: call.bindVars });
  });

  it('write values as Python writes them', () => expect(snippet('python', call)).toContain('"isOn": True, "none": None'));
});

describe('bind values', () => {
  const names = [
    { name: '@c', isCollection: true },
    { name: 'n', isCollection: false },
    { name: 'list', isCollection: false },
  ];

  it('take their types', () => {
    const { bindVars, invalid } = bindVarsOf(names, { '@c': { type: 'collection', text: 'users' }, n: { type: 'number', text: '2.5' }, list: { type: 'json', text: '[1]' }, other: { type: 'text', text: 'x' } });
    expect(bindVars).toEqual({ '@c': 'users', n: 2.5, list: [1] });
    expect(invalid).toEqual([]);
  });

  it('say which texts are no values', () => {
    expect(bindVarsOf(names, { n: { type: 'number', text: 'x' }, list: { type: 'json', text: '[' } }).invalid).toEqual(['@c', 'n', 'list']);
  });

  it('come back from values', () => expect(bindVarsOf(names, entriesOf({ '@c': 'users', n: 1, list: { a: 1 } })).bindVars).toEqual({ '@c': 'users', n: 1, list: { a: 1 } }));
});

describe('shared links', () => {
  it('bring back the query', async () => {
    const query = { text: 'FOR ä IN addresses RETURN "ö"\n'.repeat(400), binds: { x: { type: 'number', text: '1' } } };
    const packed = await packQuery(query);
    expect(packed).toMatch(/^[\w-]+$/);
    expect(packed.length).toBeLessThan(1000);
    expect(await unpackQuery(packed)).toEqual(query);
  });

  it('are nothing when broken', async () => expect(await unpackQuery('nonsense')).toBeNull());
});

describe('the place of an error', () => {
  it('comes from the position or the message', () => {
    const text = 'FOR i IN 1..3\n RETRUN i';
    expect(place(text, { message: 'x', position: { line: 2, column: 2, offset: 15, length: 6 } })).toEqual([15, 21]);
    expect(place(text, { message: "unexpected name near 'RETRUN i' at position 2:2" })).toEqual([15, 21]);
  });

  it('is the last letter when the text ends too early', () => expect(place('FOR i IN', { message: 'at position 1:9' })).toEqual([7, 8]));
});

describe('the history', () => {
  const entry = (text: string, at = 0) => ({ at, fabric: '_system', text, bindVars: {}, rows: 0, milliseconds: 1 });

  it('keeps the newest that have room', () => {
    expect(trimmed([entry('a'), entry('b'), entry('c')], 2)).toHaveLength(2);
    expect(trimmed([entry('aaaa'), entry('bbbb')], 10, 5).map(one => one.text)).toEqual(['aaaa']);
  });

  it('finds all words in any order', () => expect(searchHistory([entry('FOR a IN addresses RETURN a'), entry('RETURN 1')], 'return ADDRESSES')).toHaveLength(1));
});

describe('saved queries', () => {
  const saved = (name: string, value = 'RETURN @x') => ({ name, value, parameter: {} });

  it('stand in folders by their names', () => {
    expect(foldersOf([saved('b/two'), saved('one'), saved('a/x/three')]).map(folder => [folder.path, folder.queries.length])).toEqual([['', 1], ['a/x', 1], ['b', 1]]);
  });

  it('go into a file and come back', () => {
    const list = [{ ...saved('one'), parameter: { x: 1 }, userid: '_mm.root' }];
    expect(importedQueries(exportText(list))).toEqual([{ name: 'one', value: 'RETURN @x', parameter: { x: 1 } }]);
    expect(importedQueries(JSON.stringify([{ name: 'a', value: 'RETURN 1' }]))).toHaveLength(1);
    expect(['', '{}', '[]', '[1]', '{"queries":[{"name":1}]}'].map(importedQueries)).toEqual([null, null, null, null, null]);
  });

  it('tell which values a caller must give', () => expect(parametersOf({ ...saved('one', 'FOR a IN @@c FILTER a.x == @x RETURN a'), parameter: { x: 2 } })).toEqual([{ name: '@c', isCollection: true, byDefault: undefined }, { name: 'x', isCollection: false, byDefault: 2 }]));
});
