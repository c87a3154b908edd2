import { describe, expect, it } from 'vitest';
import type { Arrivals } from '../../src/core/api/answers';
import { conflictQuery } from '../../src/core/conflictQuery';
import { stepsOf, valueAt, withValue } from '../../src/pages/fabric/conflicts/writeBack';
import { arrivedAbout, isSettled, noteOf } from '../../src/pages/fabric/spread/arrivals';

const arrival = (changes: Partial<Arrivals['regions'][number]>) => ({ region: 'r', state: 'arrived' as const, atMostMilliseconds: 100, roundTripMilliseconds: 70, isConnected: true, ...changes });

describe('writing a lost value back', () => {
  const document = { _id: 'c/k', _key: 'k', _rev: '_1', name: 'Ada', home: { city: 'Rome', zip: 1 }, 'a.b': { c: 1 } };

  it('finds the place of a path, also below names with dots, and none inside arrays', () => {
    expect(stepsOf(document, '')).toEqual([]);
    expect(stepsOf(document, 'home.city')).toEqual(['home', 'city']);
    expect(stepsOf(document, 'a.b.c')).toEqual(['a.b', 'c']);
    expect(stepsOf(document, 'a.b.d')).toEqual(['a.b', 'd']);
    expect(stepsOf(document, 'new.one')).toEqual(['new', 'one']);
    expect(stepsOf(document, 'tags.[].x')).toBeNull();
  });

  it('changes nothing else', () => {
    expect(withValue(document, ['home', 'city'], 'Oslo')).toEqual({ name: 'Ada', home: { city: 'Oslo', zip: 1 }, 'a.b': { c: 1 } });
    expect(withValue(document, ['name', 'first'], 'Ada')).toEqual({ name: { first: 'Ada' }, home: document.home, 'a.b': { c: 1 } });
    expect(withValue(document, [], { _key: 'k', name: 'Grace' })).toEqual({ name: 'Grace' });
    expect(document.home.city).toBe('Rome');
  });

  it('tells what is there from what is not', () => {
    expect(valueAt(document, ['home', 'zip'])).toBe(1);
    expect(valueAt(document, ['home', 'street'])).toBeUndefined();
    expect(valueAt(document, ['name', 'first'])).toBeUndefined();
  });

  it('asks the journal for what was chosen and nothing else', () => {
    expect(conflictQuery({})).toEqual({ query: 'FOR c IN _conflicts\n  SORT c.at DESC\n  LIMIT 200\n  RETURN c', bindVars: {} });
    const { query, bindVars } = conflictQuery({ collection: 'a', region: '', since: 5, journal: 'oslo' });
    expect(query).toContain('FILTER c.at >= @since\n  FILTER c.collection == @collection\n  SORT');
    expect(bindVars).toEqual({ since: 5, collection: 'a' });
  });
});

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
