import { describe, expect, it } from 'vitest';
import { attribute, condition, formatFilter, listingQuery, parseFilter, removeQuery, updateQuery, valueOf, type Filter } from '../../src/pages/collection/filters';

const filter = (field: string, operator: Filter['operator'], value = ''): Filter => ({ field, operator, value });

describe('quick filters', () => {
  it('come back from the address as they went, whatever is in them', () => {
    for (const one of [filter('city', '==', 'Oslo'), filter('a.b', 'contains', '~ & = # %7E'), filter('ö', 'exists')]) expect(parseFilter(formatFilter(one))).toEqual(one);
  });

  it('are dropped when the address is broken', () => {
    expect(parseFilter('city')).toBeNull();
    expect(parseFilter('city~drop~1')).toBeNull();
    expect(parseFilter('')).toBeNull();
  });

  it('take JSON for what it says and everything else for a text', () => {
    expect([valueOf('42'), valueOf('true'), valueOf('null'), valueOf('"42"'), valueOf('Oslo'), valueOf('')]).toEqual([42, true, null, '42', 'Oslo', '']);
  });

  it('quote names that are no identifiers, and words of the language', () => {
    expect(attribute('d', 'address.zip')).toBe('d.address.zip');
    expect(attribute('d', 'first name')).toBe('d.`first name`');
    expect(attribute('d', 'filter')).toBe('d.`filter`');
    expect(attribute('d', 'a`b')).toBe('d.`a\\`b`');
  });

  it('cannot break out of their literal', () => {
    expect(condition(filter('name', '==', '" RETURN 1 //'))).toBe('d.name == "\\" RETURN 1 //"');
    expect(condition(filter('name', 'contains', '")'))).toBe('CONTAINS(LOWER(TO_STRING(d.name)), "\\")")');
  });

  it('make one query with the order and the page', () => {
    const listing = { collection: 'my-people', filters: [filter('age', '>=', '18')], sort: { field: 'age', descending: true } };
    expect(listingQuery(listing, '200, 200')).toBe('FOR d IN `my-people`\n  FILTER d.age >= 18\n  SORT d.age DESC, d._key\n  LIMIT 200, 200\n  RETURN d');
  });
});

describe('acts on many documents', () => {
  const listing = { collection: 'people', filters: [filter('age', '>=', '18')], sort: { field: 'age', descending: true } };

  it('touch what was chosen, or what fits the filters', () => {
    expect(removeQuery({ listing, keys: ['a', '"] RETURN 1 //'] })).toBe('FOR d IN people\n  FILTER d._key IN ["a","\\"] RETURN 1 //"]\n  REMOVE d IN people');
    expect(removeQuery({ listing })).toBe('FOR d IN people\n  FILTER d.age >= 18\n  REMOVE d IN people');
  });

  it('set an attribute inside another, and take one away', () => {
    expect(updateQuery({ listing, keys: ['a'] }, { field: 'address.city', value: 'Oslo' })).toBe('FOR d IN people\n  FILTER d._key IN ["a"]\n  UPDATE d WITH {"address":{"city":"Oslo"}} IN people');
    expect(updateQuery({ listing }, { field: 'age' })).toBe('FOR d IN people\n  FILTER d.age >= 18\n  UPDATE d WITH {"age":null} IN people OPTIONS { keepNull: false }');
  });
});
