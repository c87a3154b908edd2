import { describe, expect, it } from 'vitest';
import type { ViewLink } from '../../src/core/api/answers';
import { excerpt, fieldsOf, highlight, searchText, valueAt } from '../../src/pages/search/searchQuery';
import { linksOf, sourceOf } from '../../src/pages/search/viewSources';

describe('fields of a view', () => {
  it('take the analyzer of what they lie in', () => {
    expect(
      fieldsOf({
        books: { analyzers: ['text_en'], fields: { title: {}, author: { fields: { name: { analyzers: ['identity'] }, about: {} } } } },
        films: { analyzers: ['text_en'], fields: { title: {} } },
      }),
    ).toEqual([
      { path: 'title', analyzer: 'text_en' },
      { path: 'author.name', analyzer: 'identity' },
      { path: 'author.about', analyzer: 'text_en' },
    ]);
  });
});

describe('the query of a search', () => {
  it.each([
    ['any', 'ANALYZER(TOKENS(@words, "text_en") ANY == doc.`author`.`name`, "text_en")'],
    ['every', 'ANALYZER(TOKENS(@words, "text_en") ALL == doc.`author`.`name`, "text_en")'],
    ['phrase', 'ANALYZER(PHRASE(doc.`author`.`name`, @words), "text_en")'],
  ] as const)('for %s', (mode, condition) => {
    expect(searchText('books', [{ path: 'author.name', analyzer: 'text_en' }], mode)).toContain(condition);
  });

  it('quotes names that hold what ends a name', () => {
    expect(searchText('a`b', [{ path: 'x', analyzer: 'identity' }], 'any')).toContain('IN `ab`');
  });
});

describe('what was found', () => {
  it('is marked by the beginning of words, without accents', () => {
    expect(highlight('Running in Zürich, we ran.', 'run zurich').filter(piece => piece.isHit).map(piece => piece.text)).toEqual(['Running', 'Zürich']);
    expect(highlight('nothing', '')).toEqual([{ text: 'nothing', isHit: false }]);
  });

  it('is cut around the first hit', () => {
    const text = `${'word '.repeat(200)}needle ${'word '.repeat(200)}`;
    expect(excerpt(text, 'needle', 100)).toContain('needle');
    expect(excerpt(text, 'needle', 100).length).toBeLessThanOrEqual(102);
    expect(excerpt('short', 'x')).toBe('short');
  });

  it('is read from inside', () => {
    expect(valueAt({ a: { b: 1 } }, 'a.b')).toBe(1);
    expect(valueAt({ a: 'text' }, 'a.b.c')).toBeUndefined();
  });
});

describe('the link of a view in a dialog', () => {
  const said = { storeValues: 'none', trackListPositions: false };

  it.each([
    ['every attribute', { analyzers: ['text_de'], fields: {}, includeAllFields: true, ...said }, { fields: '', analyzer: 'text_de' }],
    ['paths', { analyzers: ['text_en'], fields: { author: { fields: { about: {}, name: {} } }, title: {} }, includeAllFields: false, ...said }, { fields: 'author.about, author.name, title', analyzer: 'text_en' }],
  ])('is asked as fields: %s', (_, link, asked) => {
    expect(sourceOf('books', link)).toEqual({ collection: 'books', ...asked });
  });

  it.each([
    ['two analyzers', { analyzers: ['text_en', 'identity'], fields: { title: {} } }],
    ['an analyzer of its own', { analyzers: ['text_en'], fields: { title: { analyzers: ['identity'] } } }],
    ['every attribute, and one told apart', { analyzers: ['text_en'], includeAllFields: true, fields: { title: {} } }],
    ['everything inside one', { analyzers: ['text_en'], fields: { author: { includeAllFields: true } } }],
    ['positions in lists', { analyzers: ['text_en'], fields: { tags: {} }, trackListPositions: true }],
    ['a name with a comma', { analyzers: ['text_en'], fields: { 'a, b': {} } }],
    ['vectors', { fields: { near: { size: 3, distanceType: 'L2' } as ViewLink } }],
  ])('is asked as JSON, which loses nothing: %s', (_, link) => {
    const source = sourceOf('books', link);
    expect(source.json).toBeDefined();
    expect(linksOf([source])).toEqual({ books: link });
  });

  it('is nothing while it is not the JSON of an object', () => {
    for (const json of ['{', '[]', 'null', '1']) expect(linksOf([{ collection: 'books', fields: '', analyzer: 'identity', json }])).toBeNull();
  });
});
