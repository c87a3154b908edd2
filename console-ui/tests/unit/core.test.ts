import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fit } from '../../src/ui/paletteSources';
import { cellText, columnsOf } from '../../src/core/results/columns';
import { licences } from '../../src/pages/support/licences';

describe('the palette', () => {
  it('prefers a start to a word’s start to letters anywhere', () => {
    const scores = ['query', 'run query', 'requery', 'q_u_e_r_y'].map(text => fit(text, 'query'));
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(new Set(scores).size).toBe(4);
    expect(fit('collections', 'xyz')).toBe(0);
    expect(fit('anything', '')).toBeGreaterThan(0);
  });

  it('takes what is typed for letters, not for a pattern', () => {
    expect(fit('a.b(c', '.b(')).toBeGreaterThan(0);
    expect(() => fit('text', '([')).not.toThrow();
  });
});

describe('columns of documents', () => {
  it('have system attributes first, then the order they are met in', () => {
    expect(columnsOf([{ b: 1, _key: '1' }, { a: 2, _id: 'c/1', _to: 'c/2' }])).toEqual(['_key', '_to', 'b', 'a', '_id']);
  });

  it('write texts bare and everything else as JSON', () => {
    expect([cellText('x'), cellText(1), cellText(null), cellText(undefined), cellText({ a: [1] })]).toEqual(['x', '1', 'null', '', '{"a":[1]}']);
  });
});

describe('the licences page', () => {
  it('lists every package that ships, and no other', () => {
    const { dependencies } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { dependencies: Record<string, string> };
    expect(licences.map(([name]) => name)).toEqual(Object.keys(dependencies));
    for (const [name, licence] of licences) {
      const packed = JSON.parse(readFileSync(new URL(`../../node_modules/${name}/package.json`, import.meta.url), 'utf8')) as { license: string };
      expect(packed.license, name).toBe(licence);
    }
  });
});
