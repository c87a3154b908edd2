import { describe, expect, it } from 'vitest';
import { changesOf, definitionsOf, draftOf } from '../../src/pages/graphs/graphText';

const edges = (collection: string, from: string[], to: string[]) => ({ collection, from, to });
const told = (before: ReturnType<typeof edges>[], after: ReturnType<typeof edges>[]) => changesOf(before, after).map(({ kind, definition }) => `${kind} ${definition.collection}`);

describe('the calls that change a graph', () => {
  const knows = edges('knows', ['people', 'robots'], ['people']);
  const owns = edges('owns', ['people'], ['things']);

  it('are none for the same, in whatever order it is said', () => {
    expect(told([knows, owns], [owns, edges('knows', ['robots', 'people', 'people'], ['people'])])).toEqual([]);
    expect(told([knows, owns], definitionsOf([knows, owns].map(draftOf)))).toEqual([]);
  });

  it('remove what goes before they add, and replace what has other ends', () => {
    expect(told([knows, owns], [edges('knows', ['people'], ['people', 'robots']), edges('lends', ['people'], ['things'])])).toEqual(['remove owns', 'replace knows', 'add lends']);
  });

  it('tell from and to apart', () => {
    expect(told([owns], [edges('owns', ['things'], ['people'])])).toEqual(['replace owns']);
  });
});
