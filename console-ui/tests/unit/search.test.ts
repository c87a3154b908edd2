import { describe, expect, it } from 'vitest';
import { excerpt, fieldsOf, highlight, searchText, valueAt } from '../../src/pages/search/searchQuery';

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
