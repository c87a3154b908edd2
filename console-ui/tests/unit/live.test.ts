import { describe, expect, it } from 'vitest';
import { EventReader } from '../../src/core/live/events';
import { growthOf } from '../../src/core/live/growth';
import { cachesOf, columnsOf, withSample, type Sample } from '../../src/core/live/samples';

const sample = (at: number, requestsPerSecond = 1): Sample => ({ at, requestsPerSecond, writesPerSecond: 0, errorsPerSecond: 0, refusedPerSecond: 0, p50Milliseconds: null, p99Milliseconds: 2, storageBytes: 0, memoryBytes: 0, connections: 1, runningQueries: 0 });

describe('events of a stream', () => {
  it('are put together from pieces cut anywhere', () => {
    const text = 'event: sample\ndata: {"a":1}\n\n: a comment\n\ndata: one\ndata: two\r\n\r\n';
    for (let cut = 0; cut <= text.length; cut++) {
      const reader = new EventReader();
      const events = [...reader.read(text.slice(0, cut)), ...reader.read(text.slice(cut))];
      expect(events).toEqual([
        { name: 'sample', data: '{"a":1}' },
        { name: 'message', data: 'one\ntwo' },
      ]);
    }
  });

  it('waits for the blank line', () => {
    expect(new EventReader().read('data: half')).toEqual([]);
  });
});

describe('samples', () => {
  it('keeps those of the span and drops one that came before', () => {
    const start = [sample(1000), sample(2000)];
    expect(withSample(start, sample(3000), '5m').map(one => one.at)).toEqual([1000, 2000, 3000]);
    expect(withSample(start, sample(301_500), '5m').map(one => one.at)).toEqual([2000, 301_500]);
    expect(withSample(start, sample(2000, 9), '5m')).toBe(start);
  });

  it('draws a gap where none came', () => {
    expect(columnsOf([sample(1000, 5), sample(2000, 6), sample(60_000, 7)], ['requestsPerSecond', 'p50Milliseconds'], '5m')).toEqual([
      [1, 2, 3, 60],
      [5, 6, null, 7],
      [null, null, null, null],
    ]);
  });
});

describe('caches', () => {
  it('sum up over the samples, with steps in which nobody asked', () => {
    const counts = cachesOf([{ ...sample(1000), caches: { plans: [8, 2], keys: [0, 0] } }, sample(2000), { ...sample(3000), caches: { plans: [1, 0], patterns: [0, 3] } }]);

    expect(counts).toEqual({ plans: { hits: 9, asked: 11 }, keys: { hits: 0, asked: 0 }, patterns: { hits: 0, asked: 3 } });
  });
});

describe('growth of the storage', () => {
  const grown = (seconds: number, bytesPerSecond: number, diskFreeBytes?: number) => Array.from({ length: seconds }, (_, i) => ({ ...sample(i * 1000), storageBytes: 5_000_000 + Math.floor(i / 10) * 10 * bytesPerSecond, diskFreeBytes }));

  it('is the slope over what was measured, and says when the disk is full', () => {
    const growth = growthOf(grown(300, 2000, 7_200_000), '5m')!;

    expect(growth.bytesPerSecond / 2000).toBeCloseTo(1, 1);
    expect(growth.milliseconds).toBe(299_000);
    expect(growth.fullInSeconds! / 3600).toBeCloseTo(1, 1);
  });

  it('says nothing of the end when the storage stays, shrinks, or the disk is not known', () => {
    expect(growthOf(grown(300, 0, 1000), '5m')).toEqual({ bytesPerSecond: 0, milliseconds: 299_000, fullInSeconds: null });
    expect(growthOf(grown(300, -50, 1000), '5m')!.fullInSeconds).toBeNull();
    expect(growthOf(grown(300, 2000), '5m')!.fullInSeconds).toBeNull();
  });

  it('is not told before a fifth of the span is measured', () => {
    expect(growthOf([], '5m')).toBeNull();
    expect(growthOf(grown(60, 2000, 1000), '5m')).toBeNull();
    expect(growthOf(grown(62, 2000, 1000), '5m')).not.toBeNull();
    expect(growthOf(grown(300, 2000, 1000), '1h')).toBeNull();
  });
});
