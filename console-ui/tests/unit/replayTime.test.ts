import { expect, test } from 'vitest';
import { timeIn, type Recording } from '../../src/pages/fabric/replay/replay';

const recording = { from: 0, to: 100_000, moments: new Map(), stepMaxMilliseconds: 1000, events: [{ at: 5_020, region: 'a', kind: 'bad', text: 'cut' }, { at: 9_000, region: 'a', kind: 'good', text: 'mended' }] } satisfies Recording;

test('a noted time lies behind its event also when the next recording has that a little later', () => {
  expect(timeIn(recording, 5_000)).toBe(5_020);
  expect(timeIn(recording, 5_040)).toBe(5_040);
  expect(timeIn(recording, 4_000)).toBe(4_000);
  expect(timeIn({ ...recording, events: [] }, 7)).toBe(7);
});
