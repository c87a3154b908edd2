import { describe, expect, it } from 'vitest';
import { converted, pathKey, treeRows, withValue } from '../../src/pages/collection/tree';

const document = { name: 'Ada', address: { city: 'Oslo', tags: ['a', 'b'] }, born: 1815 };

describe('a document as a tree', () => {
  it('has a row for every value, in order, and none inside what is folded', () => {
    const paths = (folded: string[]) => treeRows(document, new Set(folded), 100).rows.map(row => row.path.join('.'));
    expect(paths([])).toEqual(['name', 'address', 'address.city', 'address.tags', 'address.tags.0', 'address.tags.1', 'born']);
    expect(paths([pathKey(['address'])])).toEqual(['name', 'address', 'born']);
  });

  it('is cut when it is long, and has no limit of depth', () => {
    expect(treeRows({ many: Array.from({ length: 1000 }, (_, index) => index) }, new Set(), 50)).toMatchObject({ isCut: true, rows: { length: 50 } });
    let deep: Record<string, unknown> = {};
    for (let depth = 0; depth < 20_000; depth++) deep = { a: deep };
    expect(treeRows(deep, new Set(), 100).rows.length).toBe(100);
  });

  it('changes one value and leaves the rest the same objects', () => {
    const changed = withValue(document, ['address', 'tags', 1], 'c');
    expect(changed).toEqual({ name: 'Ada', address: { city: 'Oslo', tags: ['a', 'c'] }, born: 1815 });
    expect(document.address.tags[1]).toBe('b');
    expect(withValue(document, ['name'], 'x').address).toBe(document.address);
    expect(withValue(document, ['address', 'tags', 0], undefined).address.tags).toEqual(['b']);
    expect('born' in withValue(document, ['born'], undefined)).toBe(false);
  });

  it('keeps what it can of a value when the type is another', () => {
    expect([converted('12', 'number'), converted('x', 'number'), converted(12, 'text'), converted('true', 'boolean'), converted('a', 'list'), converted(['a'], 'object'), converted(5, 'null')]).toEqual([12, 0, '12', true, ['a'], {}, null]);
  });
});
