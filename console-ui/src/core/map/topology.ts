export type RegionState = 'up' | 'lagging' | 'down' | 'catchingUp' | 'readOnly' | 'leaving' | 'removed';

export interface Region {
  name: string;
  displayName?: string;
  city?: string | null;
  country?: string | null;
  latitude: number | null;
  longitude: number | null;
  state: RegionState;
  isSelf: boolean;
  isHome: boolean;
  isSpot?: boolean;
  isReachable: boolean;
  url?: string | null;
  version?: string | null;
  storageBytes: number | null;
  documents: number | null;
  requestsPerSecond: number | null;
  uptimeSeconds: number | null;
}

/** What one region tells about its link to another. */
export interface Link {
  from: string;
  to: string;
  isConnected: boolean;
  isCut: boolean;
  /** Added on purpose, one way. */
  delayMilliseconds: number;
  roundTripMilliseconds: number | null;
  lagMilliseconds: number | null;
  recordsBehind: number | null;
}

export interface Topology {
  self: string;
  home: string | null;
  isDemo: boolean;
  isCluster: boolean;
  regions: Region[];
  links: Link[];
}

export type LinkState = 'connected' | 'slow' | 'cut' | 'broken';

/** A pair of regions with what both sides tell of their link; one side may be silent. */
export interface Connection {
  first: string;
  second: string;
  state: LinkState;
  roundTripMilliseconds: number | null;
  lagMilliseconds: number | null;
  recordsBehind: number | null;
}

/** A link whose changes are later than this is drawn as slow. */
export const slowLagMilliseconds = 2000;

/** One connection for each pair of regions that at least one side tells of. */
export function connectionsOf(topology: Pick<Topology, 'links'>): Connection[] {
  const pairs = new Map<string, Link[]>();
  for (const link of topology.links) {
    const key = [link.from, link.to].sort().join('\n');
    pairs.set(key, [...(pairs.get(key) ?? []), link]);
  }
  return [...pairs].map(([key, links]) => {
    const [first, second] = key.split('\n');
    const lagMilliseconds = most(links.map(link => link.lagMilliseconds));
    return {
      first,
      second,
      state: stateOf(links, lagMilliseconds),
      roundTripMilliseconds: most(links.map(link => link.roundTripMilliseconds)),
      lagMilliseconds,
      recordsBehind: most(links.map(link => link.recordsBehind)),
    };
  });
}

function stateOf(links: readonly Link[], lag: number | null): LinkState {
  if (links.some(link => link.isCut)) return 'cut';
  if (links.some(link => !link.isConnected)) return 'broken';
  return lag !== null && lag > slowLagMilliseconds ? 'slow' : 'connected';
}

const most = (values: (number | null)[]): number | null => values.reduce((a, b) => (a === null ? b : b === null ? a : Math.max(a, b)), null);

/** How late the changes of others arrive in a region at worst; null when nobody tells. */
export function lagOf(topology: Pick<Topology, 'links'>, region: string): number | null {
  return most(topology.links.filter(link => link.to === region).map(link => link.lagMilliseconds));
}

export function linkBetween(topology: Pick<Topology, 'links'>, from: string, to: string): Link | undefined {
  return topology.links.find(link => link.from === from && link.to === to);
}
