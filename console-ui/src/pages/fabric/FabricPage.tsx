import { useState } from 'preact/hooks';
import { call } from '../../core/api/client';
import { useLive } from '../../core/live/useLive';
import { formatBytes, formatDuration, formatNumber, formatRough, formatTime } from '../../core/messages';
import { FabricMap, MapLegend, type RegionNote } from '../../core/map/FabricMap';
import { lagOf, type Topology } from '../../core/map/topology';
import { usePlace } from '../../core/place';
import { changeQuery, href, location, navigate } from '../../core/router';
import type { PageProps } from '../../app/pages';
import { Busy } from '../../ui/Busy';
import { Button } from '../../ui/Button';
import { ErrorBox } from '../../ui/ErrorBox';
import { AddRegion } from './AddRegion';
import { LatencyMatrix } from './LatencyMatrix';
import { ConflictInspector, RegionGroups, Replay, SpreadWatch, VerifyFabric } from './laterViews';
import { RegionPanel, StateBadge } from './RegionPanel';
import { Timeline } from './Timeline';
import { words } from './messages';
import './fabric.css';

const everyMilliseconds = 2000;

/** The regions on a map: how they are, how late they are, how to get to their consoles. */
export default function FabricPage({ params }: PageProps) {
  const picked = params.region;
  const [adding, setAdding] = useState(false);
  const [replayed, setReplayed] = useState<Topology | null>(null);
  const isReplaying = location.value.query.has('replay');
  const [notes, setNotes] = useState<ReadonlyMap<string, RegionNote> | undefined>();
  usePlace([{ text: words('title'), path: '/fabric' }, ...(picked ? [{ text: picked }] : [])]);
  const live = useLive(signal => call('describeTopology', { signal, timeoutMilliseconds: 10_000 }), everyMilliseconds);
  const topology = live.value?.result;
  if (!topology) return live.error ? <ErrorBox error={live.error} onRetry={live.reload} /> : <Busy />;
  // What is watched, replayed or filtered stays as it is.
  const select = (name: string | null) => navigate(`${name ? `/fabric/${encodeURIComponent(name)}` : '/fabric'}?${location.value.query}`, { replace: true });
  const region = topology.regions.find(one => one.name === picked);
  const unplaced = topology.regions.filter(one => one.latitude === null || one.longitude === null).map(one => one.name);
  return (
    <div class="page fabric-page">
      <header class="page-head">
        <h1>{words('title')}</h1>
        <p>{topology.isCluster ? words('summary', { count: topology.regions.length, self: topology.self }) : words('single')}</p>
        <p class="freshness" role="status">
          {topology.isDemo && (
            <span class="badge demo" title={words('demoHint')}>
              {words('demo')}
            </span>
          )}
          {live.at !== null && words(live.error ? 'stale' : 'updated', { time: formatTime(live.at) })}
        </p>
        {topology.isCluster && (
          <Button icon="plus" data-new disabled={topology.home !== topology.self} title={topology.home === topology.self ? undefined : words('addAtHome', { home: topology.home ?? '' })} onClick={() => setAdding(true)}>
            {words('addRegion')}
          </Button>
        )}
      </header>
      <div class={region ? 'map-and-panel with-panel' : 'map-and-panel'}>
        <div class="map-card card">
          <FabricMap topology={replayed ?? topology} selected={region?.name ?? null} onSelect={select} notes={replayed ? undefined : notes} />
          <MapLegend />
          {topology.isCluster &&
            (isReplaying ? (
              <Replay topology={topology} onShow={setReplayed} onClose={() => changeQuery({ replay: null })} />
            ) : (
              <Button small icon="clock" onClick={() => changeQuery({ replay: 'start' })}>
                {words('replay')}
              </Button>
            ))}
          {unplaced.length > 0 && <p class="hint">{words('noPlace', { names: unplaced.join(', ') })}</p>}
        </div>
        {region && <RegionPanel key={region.name} region={region} topology={topology} onChanged={live.reload} onClose={() => select(null)} />}
      </div>
      {topology.regions.length > 1 && <SpreadWatch onNotes={setNotes} />}
      <RegionTable topology={replayed ?? topology} picked={region?.name} isPast={replayed !== null} />
      {topology.regions.length > 1 && (
        <section class="card">
          <h2>{words('latency')}</h2>
          <LatencyMatrix topology={topology} onSelect={select} />
        </section>
      )}
      {topology.isCluster && <Timeline />}
      {topology.isCluster && <ConflictInspector topology={topology} />}
      {topology.isCluster && <VerifyFabric topology={topology} />}
      {topology.isCluster && <RegionGroups topology={topology} />}
      {adding && <AddRegion onAdded={live.reload} onClose={() => setAdding(false)} />}
    </div>
  );
}

/** Columns of the table that are numbers. */
const figures = new Set(['lag', 'documents', 'storage', 'requests']);

// The map's twin for those who do not see it.
function RegionTable({ topology, picked, isPast }: { topology: Topology; picked?: string; isPast: boolean }) {
  return (
    <section class="card">
      <h2>
        {words('regions')} {isPast && <span class="badge warn">{words('past')}</span>}
      </h2>
      <div class="scrolling" tabIndex={0} role="region" aria-label={words('regions')}>
        <table class="regions">
          <thead>
            <tr>
              {(['region', 'state', 'place', 'lag', 'documents', 'storage', 'requests'] as const).map(name => (
                <th key={name} scope="col" class={figures.has(name) ? 'number' : undefined}>
                  {words(name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {topology.regions.map(region => {
              const lag = lagOf(topology, region.name);
              return (
                <tr key={region.name} class={region.name === picked ? 'picked' : undefined}>
                  <th scope="row">
                    <a href={href(`/fabric/${encodeURIComponent(region.name)}`)}>{region.name}</a>
                    {region.isSelf && <span class="badge">{words('here')}</span>}
                    {region.isHome && <span class="badge">{words('home')}</span>}
                  </th>
                  <td>
                    <StateBadge region={region} />
                  </td>
                  <td>{[region.city, region.country].filter(Boolean).join(', ') || '–'}</td>
                  <td class="number">{region.isSelf || lag === null ? '–' : formatDuration(lag)}</td>
                  <td class="number">{region.documents === null ? '–' : formatRough(region.documents)}</td>
                  <td class="number">{region.storageBytes === null ? '–' : formatBytes(region.storageBytes)}</td>
                  <td class="number">{region.requestsPerSecond === null ? '–' : formatNumber(region.requestsPerSecond, { maximumFractionDigits: 1 })}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
