import { describe, expect, it } from 'vitest';
import type { Arrivals } from '../../src/core/api/answers';
import { conflictQuery } from '../../src/core/conflictQuery';
import { stepsOf, valueAt, withValue } from '../../src/pages/fabric/conflicts/writeBack';
import { connectionsOf } from '../../src/core/map/topology';
import { eventBeside, eventsUntil, recordingOf, topologyAt } from '../../src/pages/fabric/replay/replay';
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

describe('replay', () => {
  const start = Date.parse('2026-01-01T00:00:00.000Z');
  const at = (seconds: number) => new Date(start + seconds * 1000).toISOString();
  const link = (to: string, changes = {}) => ({ to, isConnected: true, isCut: false, delayMilliseconds: 0, lagMilliseconds: 50, ...changes });
  const moment = (seconds: number, to: string, changes = {}, own = {}) => ({ at: at(seconds), readiness: 'up' as const, outOfService: [], links: [link(to, changes)], ...own });
  const region = (name: string) => ({ name, latitude: 0, longitude: 0, state: 'up' as const, isSelf: name === 'a', isHome: name === 'a', isReachable: true, storageBytes: 1, documents: 1, requestsPerSecond: 1, uptimeSeconds: 1 });
  const topology = { self: 'a', home: 'a', isDemo: true, isCluster: true, regions: [region('a'), region('b')], links: [] };
  const recording = recordingOf({
    self: 'a',
    from: at(-600),
    to: at(60),
    stepMaxMilliseconds: 10_000,
    regions: [
      { region: 'a', moments: [moment(0, 'b'), moment(10, 'b'), moment(20, 'b', { isCut: true, isConnected: false, lagMilliseconds: 3000 }), moment(30, 'b', {}, { outOfService: ['b'] }), moment(40, 'b'), moment(50, 'b')] },
      { region: 'b', moments: [moment(5, 'a'), moment(15, 'a'), moment(25, 'a', { isConnected: false })] },
    ],
    events: [{ at: at(20), region: 'a', peer: 'b', kind: 'cut', text: 'cut' }, { at: at(30), region: 'a', peer: 'b', kind: 'failed', text: 'failed' }],
  });
  const states = (seconds: number) => topologyAt(topology, recording, start + seconds * 1000).regions.map(one => one.state);

  it('begins where somebody has seen something', () => {
    expect(recording.from).toBe(start);
    expect(recording.to - recording.from).toBe(60_000);
  });

  it('shows links and lag as each region saw them', () => {
    expect(topologyAt(topology, recording, start + 12_000).links).toEqual([{ ...link('b'), from: 'a', roundTripMilliseconds: null, recordsBehind: null }, { ...link('a'), from: 'b', roundTripMilliseconds: null, recordsBehind: null }]);
    expect(connectionsOf(topologyAt(topology, recording, start + 22_000))[0].state).toBe('cut');
    expect(states(12)).toEqual(['up', 'up']);
    expect(states(22)).toEqual(['lagging', 'up']);
  });

  it('has a region down while it is out of service, and where it was not there to look', () => {
    expect(states(31)).toEqual(['up', 'down']);
    expect(states(36)).toEqual(['up', 'down']);
    expect(states(55)).toEqual(['up', 'down']);
    expect(states(1)).toEqual(['up', 'down']);
  });

  it('draws a region that cannot be asked as the others saw it', () => {
    const alone = { ...recording, moments: new Map([['a', recording.moments.get('a')!]]) };
    expect(topologyAt(topology, alone, start + 12_000).regions[1].state).toBe('up');
    expect(topologyAt(topology, alone, start + 22_000).regions[1].state).toBe('down');
  });

  it('goes from event to event', () => {
    expect(eventBeside(recording, start, 1)).toBe(start + 20_000);
    expect(eventBeside(recording, start + 20_000, 1)).toBe(start + 30_000);
    expect(eventBeside(recording, start + 30_000, 1)).toBeNull();
    expect(eventBeside(recording, start + 30_000, -1)).toBe(start + 20_000);
    expect(eventsUntil(recording, start + 25_000, 5).map(one => one.kind)).toEqual(['cut']);
  });
});
