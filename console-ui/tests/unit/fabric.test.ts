import { describe, expect, it } from 'vitest';
import type { Arrivals } from '../../src/core/api/answers';
import { arrivedAbout, isSettled, noteOf } from '../../src/pages/fabric/spread/arrivals';

const arrival = (changes: Partial<Arrivals['regions'][number]>) => ({ region: 'r', state: 'arrived' as const, atMostMilliseconds: 100, roundTripMilliseconds: 70, isConnected: true, ...changes });

describe('arrivals of a write', () => {
  it('takes half a round trip off what is certain, and never more than half of it', () => {
    expect(arrivedAbout(arrival({}))).toBe(65);
    expect(arrivedAbout(arrival({ atMostMilliseconds: 10 }))).toBe(5);
    expect(arrivedAbout(arrival({ roundTripMilliseconds: null }))).toBeNull();
    expect(arrivedAbout(arrival({ state: 'notYet', atMostMilliseconds: null }))).toBeNull();
  });

  it('waits for regions that keep the collection only', () => {
    const of = (...states: Arrivals['regions'][number]['state'][]) => ({ revision: '_', writtenIn: 'r', regions: states.map(state => arrival({ state })) });
    expect(isSettled(of('written', 'arrived', 'notKept'))).toBe(true);
    expect(isSettled(of('written', 'arrived', 'notYet'))).toBe(false);
  });

  it('says beside a pin no more than is known', () => {
    expect(noteOf(arrival({}))).toEqual({ text: '≤ 100 ms', tone: 'good' });
    expect(noteOf(arrival({ atMostMilliseconds: null }))).toEqual({ text: 'arrived', tone: 'good' });
    expect(noteOf(arrival({ state: 'notYet', atMostMilliseconds: null }))).toEqual({ text: 'not yet', tone: 'waiting' });
  });
});
