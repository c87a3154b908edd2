import { describe, expect, it } from 'vitest';
import { hintsOf } from '../../src/core/c8ql/hints';
import { parser } from '../../src/core/c8ql/parser';

const facts = (name: string) => (name === 'large' ? { count: 50_000, indexedFields: ['city', 'address.zip'] } : name === 'small' ? { count: 10, indexedFields: [] } : undefined);
const hints = (text: string) => hintsOf(parser.parse(text), (from, to) => text.slice(from, to), facts).map(hint => (hint.kind === 'no limit' ? `all of ${hint.collection}` : `${hint.function}(${hint.field})`));

describe('hints', () => {
  it('name a loop that returns all of a large collection', () => {
    expect(hints('FOR d IN large RETURN d')).toEqual(['all of large']);
    expect(hints('FOR d IN large LIMIT 10 RETURN d')).toEqual([]);
    expect(hints('FOR d IN large FILTER d.x == 1 RETURN d')).toEqual([]);
    expect(hints('FOR d IN large COLLECT c = d.city RETURN c')).toEqual([]);
    expect(hints('FOR d IN small RETURN d')).toEqual([]);
    expect(hints('FOR d IN unknown RETURN d')).toEqual([]);
    expect(hints('FOR d IN large UPDATE d WITH { a: 1 } IN large')).toEqual([]);
  });

  it('name functions that hide an indexed field from its index', () => {
    expect(hints('FOR d IN large FILTER LOWER(d.city) == "oslo" && LENGTH(d.name) > 3 RETURN d')).toEqual(['LOWER(city)']);
    expect(hints('FOR d IN large FILTER TO_NUMBER(d.address.zip) == 1 LIMIT 1 RETURN d')).toEqual(['TO_NUMBER(address.zip)']);
    expect(hints('FOR d IN large FILTER d.city == LOWER("Oslo") RETURN d')).toEqual([]);
  });
});
