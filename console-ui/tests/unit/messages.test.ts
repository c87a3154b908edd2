import { describe, expect, it } from 'vitest';
import { defineMessages, language, languages } from '../../src/core/messages';

const modules = import.meta.glob<Record<string, unknown>>('../../src/**/messages.ts', { eager: true });
const catalogues = Object.entries(modules).flatMap(([file, module]) =>
  Object.values(module).flatMap(one => (typeof one === 'function' && 'catalogue' in one ? [{ file, catalogue: one.catalogue as Record<string, Record<string, string>> }] : [])),
);
const places = (text: string) => [...new Set([...text.matchAll(/\{(\w+)/g)].map(found => found[1]))].sort();

describe('texts', () => {
  it('are found in several areas', () => {
    expect(catalogues.length).toBeGreaterThan(4);
  });

  it.each(catalogues)('of $file exist in every language, with the same places', ({ catalogue }) => {
    for (const code of Object.keys(languages)) {
      expect(Object.keys(catalogue[code]).sort()).toEqual(Object.keys(catalogue.en).sort());
      for (const [key, text] of Object.entries(catalogue.en)) {
        expect(catalogue[code][key], `${code} ${key}`).not.toBe('');
        expect(places(catalogue[code][key]), `${code} ${key}`).toEqual(places(text));
      }
    }
  });

  it('write numbers and plurals as the language does', () => {
    const words = defineMessages({ rows: '{count} {count|row|rows} in {name}' }, { de: { rows: '{count} {count|Zeile|Zeilen} in {name}' }, es: { rows: '{count} {count|fila|filas} en {name}' } });
    language.value = 'en';
    expect(words('rows', { count: 1, name: 'a' })).toBe('1 row in a');
    expect(words('rows', { count: 12345, name: 'a' })).toBe('12,345 rows in a');
    language.value = 'de';
    expect(words('rows', { count: 12345, name: 'a' })).toBe('12.345 Zeilen in a');
    language.value = 'en';
  });

  it('leave a place that has no value as it is', () => {
    const words = defineMessages({ text: 'a {missing} b' }, { de: { text: 'x' }, es: { text: 'x' } });
    expect(words('text')).toBe('a {missing} b');
  });
});
