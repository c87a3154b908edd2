import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { call } from '../../core/api/client';
import { connectionsOf, type Topology } from '../../core/map/topology';
import { formatDuration } from '../../core/messages';
import { Select } from '../../ui/Field';
import { words } from './messages';

/** The region that runs queries; empty for the one that is asked. */
export const chosenRegion = signal('');

const topology = signal<Topology | null>(null);

/** Where queries run, in a cluster of several regions, with how far away each is. */
export function RegionChoice() {
  useEffect(() => {
    void call('describeTopology', { timeoutMilliseconds: 10_000 }).then(({ result }) => (topology.value = result), () => undefined);
    return () => void (chosenRegion.value = '');
  }, []);
  const { regions = [], self = '', links = [] } = topology.value ?? {};
  if (regions.length < 2) return null;
  const connections = connectionsOf({ links });
  const others = regions.filter(one => one.name !== self).map(one => {
    const away = connections.find(link => [link.first, link.second].includes(self) && [link.first, link.second].includes(one.name))?.roundTripMilliseconds;
    return [one.name, away == null ? one.name : `${one.name} · ${formatDuration(away)}`] as const;
  });
  return <Select label={words('runIn')} bare value={chosenRegion.value} onValue={value => (chosenRegion.value = value)} options={[['', words('runHere', { region: self })], ...others]} />;
}
