import { describe, expect, it } from 'vitest';
import { changesOf, editable, imprecise, isSame, mergeDocuments } from '../../src/pages/collection/changes';

describe('changes of a document', () => {
  it('name each attribute that differs, also within objects', () => {
    expect(changesOf({ a: 1, b: { c: 1, d: 2 }, e: [1, 2] }, { a: 1, b: { c: 1, d: 3 }, e: [2, 1], f: null })).toEqual([
      { path: 'b.d', before: 2, after: 3 },
      { path: 'e', before: [1, 2], after: [2, 1] },
      { path: 'f', before: undefined, after: null },
    ]);
  });

  it('do not count the order of attributes', () => {
    expect(isSame({ a: 1, b: [{ c: 1 }] }, { b: [{ c: 1 }], a: 1 })).toBe(true);
    expect(isSame({ a: undefined }, {})).toBe(false);
    expect(isSame([1], { 0: 1 })).toBe(false);
  });

  it('leave out what the server sets, but keep an edge’s ends', () => {
    expect(editable({ _id: 'c/1', _key: '1', _rev: 'x', _from: 'a/1', name: 'n' })).toEqual({ _from: 'a/1', name: 'n' });
  });
});

describe('a conflict', () => {
  const base = { name: 'Ada', city: 'Oslo', age: 36, gone: 1 };

  it('keeps what only one side changed and names what both did', () => {
    expect(mergeDocuments(base, { name: 'Ada L.', city: 'Oslo', age: 37, gone: 1 }, { name: 'Ada', city: 'Bergen', age: 38, gone: 1 })).toEqual({ merged: { name: 'Ada L.', city: 'Bergen', age: 37, gone: 1 }, conflicts: ['age'] });
  });

  it('is none when both changed the same way, and removing counts as a change', () => {
    expect(mergeDocuments(base, { name: 'Ada', city: 'Bergen', age: 36 }, { name: 'Ada', city: 'Bergen', age: 36, gone: 1 })).toEqual({ merged: { name: 'Ada', city: 'Bergen', age: 36 }, conflicts: [] });
  });
});

describe('a number with more digits than a browser keeps', () => {
  it('is found, also negative and deep inside', () => {
    expect(imprecise('{"a":[{"b":12345678901234567890}]}')).toBe('12345678901234567890');
    expect(imprecise('{"a":-9007199254740993}')).toBe('-9007199254740993');
  });

  it('is none when its digits are kept, or it is a text', () => {
    expect(imprecise('{"a":9007199254740992,"b":"12345678901234567890","c":"\\"12345678901234567890","d":0.12345678901234567,"e":100000000000000000000}')).toBeNull();
  });
});
