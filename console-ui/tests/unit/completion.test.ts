import { CompletionContext } from '@codemirror/autocomplete';
import { EditorState } from '@codemirror/state';
import { describe, expect, it } from 'vitest';
import { bestFitting, childFields, completionSource, quotedName } from '../../src/core/c8ql/completion';
import { c8ql } from '../../src/core/c8ql/language';
import type { Catalogue } from '../../src/core/c8ql/reference';

const catalogue: Catalogue = {
  reference: () => ({ functions: [{ name: 'CONCAT', signature: 'CONCAT(value, ..)', category: 'String', minArguments: 1, maxArguments: null, summary: 'Joins.', example: 'CONCAT("a")', exampleResult: '"a"' }], operations: [] }),
  collections: () => [
    { name: 'addresses', isEdge: false },
    { name: 'knows', isEdge: true },
    { name: 'odd name', isEdge: false },
  ],
  graphs: () => ['friends'],
  views: () => ['articles'],
  fields: collection => Promise.resolve(collection === 'addresses' ? ['city', 'address', 'address.zip', 'tags[*]', 'phones[*].number'] : ['since']),
};

/** What is offered where `|` stands. */
async function offered(marked: string, explicit = true) {
  const position = marked.indexOf('|');
  const state = EditorState.create({ doc: marked.replace('|', ''), extensions: [c8ql()] });
  const result = await completionSource(catalogue)(new CompletionContext(state, position, explicit));
  return { labels: result?.options.map(option => option.label) ?? [], best: [...(result?.options ?? [])].sort((a, b) => (b.boost ?? 0) - (a.boost ?? 0))[0]?.label, result };
}

describe('completion', () => {
  it('offers keywords, functions, collections, views and names in scope', async () => {
    const { labels } = await offered('FOR a IN addresses LET count = 1 RETURN c|');
    expect(labels).toEqual(expect.arrayContaining(['a', 'count', 'RETURN', 'CONCAT', 'addresses', 'articles']));
  });

  it('puts what can be read first behind IN', async () => expect((await offered('FOR a IN |')).best).toBe('addresses'));

  it('offers no names where a new one is made', async () => expect((await offered('FOR a|')).labels).toEqual([]));

  it('offers the fields of the collection a variable takes', async () => {
    expect((await offered('FOR a IN addresses FILTER a.|')).labels).toEqual(['city', 'address', 'tags', 'phones', '_key', '_id', '_rev']);
    expect((await offered('FOR a IN addresses FILTER a.address.z|')).labels).toEqual(['zip']);
    expect((await offered('FOR a IN addresses RETURN a.phones[0].|')).labels).toEqual(['number']);
  });

  it('offers the fields that the text itself spells out', async () => {
    expect((await offered('FOR x IN (FOR a IN addresses RETURN { city: a.city, n: 1 }) RETURN x.|')).labels).toEqual(['city', 'n']);
  });

  it('offers bind names', async () => expect((await offered('FOR a IN @@where FILTER a.city == @city && a.zip == @|')).labels).toEqual(['@@where', '@city']));

  it('offers graphs behind GRAPH', async () => {
    expect((await offered('FOR v IN 1..2 ANY @s GRAPH "f|"')).labels).toEqual(['friends']);
    expect((await offered('FOR v IN 1..2 ANY @s GRAPH |')).best).toBe('friends');
  });

  it('is silent in comments and numbers', async () => {
    expect((await offered('RETURN 1 // not h|', false)).result).toBeNull();
    expect((await offered('RETURN 12|', false)).result).toBeNull();
  });
});

describe('thousands of names', () => {
  const names = [...Array.from({ length: 1000 }, (_, index) => ({ label: `collection${index}` })), { label: 'my_orders' }, { label: 'Orders' }, { label: 'other_drs' }];

  it('are thinned out to those that fit, best first', () => expect(bestFitting(names, 'ord', 10).map(one => one.label)).toEqual(['Orders', 'my_orders', 'other_drs']));

  it('are as many as are wanted', () => expect(bestFitting(names, '', 10)).toHaveLength(10));

  it('stay as they are when they are few', () => expect(bestFitting(names, 'ord', 2000)).toBe(names));

  it('are asked for again with the next letter', async () => {
    const many: Catalogue = { ...catalogue, collections: () => names.map(({ label }) => ({ name: label, isEdge: false })) };
    const state = EditorState.create({ doc: 'FOR a IN o', extensions: [c8ql()] });
    expect((await completionSource(many)(new CompletionContext(state, 10, true)))?.validFor).toBeUndefined();
  });
});

describe('names', () => {
  it('are quoted when they must be', () => {
    expect(['city', 'odd name', 'sort', 'a`b'].map(quotedName)).toEqual(['city', '`odd name`', '`sort`', '`a\\`b`']);
  });

  it('below a path are its children only', () => expect(childFields(['a', 'a.b', 'a.b.c', 'x[*].y'], ['a'])).toEqual(['b']));
});
