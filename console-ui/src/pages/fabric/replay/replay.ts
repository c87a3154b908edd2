import type { TopologyHistory } from '../../../core/api/answers';
import type { Region, RegionState, Topology } from '../../../core/map/topology';
import { slowLagMilliseconds } from '../../../core/map/topology';

type Moment = TopologyHistory['regions'][number]['moments'][number];

export interface Recording {
  /** Milliseconds since 1970, by the clock of the region that was asked. */
  from: number;
  to: number;
  /** Of each region that told, its moments, the oldest first. */
  moments: ReadonlyMap<string, readonly { at: number; moment: Moment }[]>;
  events: readonly { at: number; region: string; kind: string; text: string }[];
  /** While a region runs it has a moment at least this often. */
  stepMaxMilliseconds: number;
}

/** Moments are taken each second, so one may be that much late. */
const slackMilliseconds = 2000;

/** What was recorded, from the first moment anybody has. */
export function recordingOf(history: TopologyHistory): Recording {
  const moments = new Map(history.regions.map(one => [one.region, one.moments.map(moment => ({ at: Date.parse(moment.at), moment }))] as const));
  const firsts = [...moments.values()].flatMap(list => list.slice(0, 1).map(one => one.at));
  const from = Math.max(Date.parse(history.from), Math.min(...firsts, Date.parse(history.to)));
  return {
    from,
    to: Date.parse(history.to),
    moments,
    events: history.events.map(({ at, region, kind, text }) => ({ at: Date.parse(at), region, kind, text })).filter(one => one.at >= from),
    stepMaxMilliseconds: history.stepMaxMilliseconds,
  };
}

/** The regions and links as they were: places and names as they are now, states as the regions themselves saw them. */
export function topologyAt(topology: Topology, recording: Recording, time: number): Topology {
  const seen = new Map<string, Moment>();
  for (const [region, list] of recording.moments) {
    const last = lastBefore(list, time);
    if (last && time - last.at <= recording.stepMaxMilliseconds + slackMilliseconds) seen.set(region, last.moment);
  }
  const outOfService = new Set([...seen.values()].flatMap(moment => moment.outOfService));
  return {
    ...topology,
    regions: topology.regions.map(region => regionAt(region, seen, recording, outOfService)),
    links: [...seen].flatMap(([from, moment]) => moment.links.map(link => ({ ...link, from, roundTripMilliseconds: null, recordsBehind: null }))),
  };
}

function regionAt(region: Region, seen: ReadonlyMap<string, Moment>, recording: Recording, outOfService: ReadonlySet<string>): Region {
  const own = seen.get(region.name);
  // Of one that cannot be asked now, others tell whether they reached it.
  const isReachable = own !== undefined || (!recording.moments.get(region.name)?.length && [...seen.values()].some(moment => moment.links.some(link => link.to === region.name && link.isConnected)));
  const isLate = own?.links.some(link => link.lagMilliseconds !== null && link.lagMilliseconds > slowLagMilliseconds);
  const state: RegionState = outOfService.has(region.name) || !isReachable ? 'down' : own && own.readiness !== 'up' ? own.readiness : isLate ? 'lagging' : 'up';
  return { ...region, state, isReachable, storageBytes: null, documents: null, requestsPerSecond: null, uptimeSeconds: null };
}

function lastBefore<T extends { at: number }>(list: readonly T[], time: number): T | undefined {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle].at <= time) low = middle + 1;
    else high = middle;
  }
  return list[low - 1];
}

/** The next event after a time, or the one before it; null when there is none. */
export function eventBeside({ events }: Recording, time: number, direction: 1 | -1): number | null {
  const beside = events.map(one => one.at).filter(at => (direction > 0 ? at > time : at < time));
  return beside.length === 0 ? null : direction > 0 ? Math.min(...beside) : Math.max(...beside);
}

/** Each recording puts the clocks of all regions on one anew, so in the next one everything is some milliseconds elsewhere. */
const driftMilliseconds = 250;

/** A time of an earlier recording in this one: behind what happened just then, as it was when the time was noted. */
export const timeIn = ({ events }: Recording, noted: number): number => Math.max(noted, ...events.map(one => one.at).filter(at => at <= noted + driftMilliseconds));

/** What had happened lately, the newest first. */
export const eventsUntil = ({ events }: Recording, time: number, most: number) => events.filter(one => one.at <= time).slice(-most).reverse();
