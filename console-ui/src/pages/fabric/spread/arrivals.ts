import type { Arrivals } from '../../../core/api/answers';
import type { RegionNote } from '../../../core/map/FabricMap';
import { formatDuration } from '../../../core/messages';
import { words } from './messages';

export type RegionArrival = Arrivals['regions'][number];

/** Whether nothing more is waited for. */
export const isSettled = (arrivals: Arrivals): boolean => arrivals.regions.every(one => one.state !== 'notYet');

/**
 * About how long the way there took: what is certain has the way back in it, half a round trip. The way there takes as long as the way back at least, so
 * it is never less than half, whatever the last round trip was. Null when either is not known.
 */
export function arrivedAbout({ atMostMilliseconds: most, roundTripMilliseconds: trip }: RegionArrival): number | null {
  return most === null || trip === null ? null : Math.max(most / 2, most - trip / 2);
}

/** What the map says beside a pin. */
export function noteOf(arrival: RegionArrival): RegionNote {
  const { state, atMostMilliseconds: most } = arrival;
  if (state === 'arrived' && most !== null) return { text: `≤ ${formatDuration(most)}`, tone: 'good' };
  return { text: words(state), tone: state === 'notYet' ? 'waiting' : state === 'notKept' ? undefined : 'good' };
}
