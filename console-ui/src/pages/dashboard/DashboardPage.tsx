import { useEffect, useState } from 'preact/hooks';
import { call } from '../../core/api/client';
import { collections, loadCollections } from '../../core/catalogue';
import { formatBytes, formatDuration, formatNumber, formatRough } from '../../core/messages';
import { TimeChart } from '../../core/live/TimeChart';
import { columnsOf, spans, type Figure, type Span } from '../../core/live/samples';
import { useLive } from '../../core/live/useLive';
import { useSamples } from '../../core/live/useSamples';
import { FabricMap } from '../../core/map/FabricMap';
import { usePlace } from '../../core/place';
import { changeQuery, fabric, href, location, navigate } from '../../core/router';
import { Button, LinkButton } from '../../ui/Button';
import { ErrorBox } from '../../ui/ErrorBox';
import { toast, toastError } from '../../ui/Toast';
import { perSecond } from './figures';
import { CacheRates } from './CacheRates';
import { Disk } from './Disk';
import { HottestCollections } from './HottestCollections';
import { Jobs } from './Jobs';
import { loadSample } from './sampleData';
import { SlowQueries } from './SlowQueries';
import { words } from './messages';
import './dashboard.css';

/** What this region does now: figures as they come, the regions, the largest collections, slow queries. */
export default function DashboardPage() {
  usePlace([{ text: words('title') }]);
  const span = spanOf(location.value.query.get('span'));
  const live = useSamples(span);
  const last = live.samples.at(-1);
  useEffect(() => void loadCollections(), [fabric.value]);
  const columns = (...figures: Figure[]) => columnsOf(live.samples, figures, span);
  return (
    <div class="page dashboard">
      <header class="page-head">
        <h1>{words('title')}</h1>
        <p class={live.isLive ? 'live-mark' : 'live-mark lost'} role="status">
          {live.isLive ? words('live') : live.error ? words('reconnecting') : ''}
        </p>
        <div class="segments" role="group" aria-label={words('span')}>
          {(Object.keys(spans) as Span[]).map(one => (
            <button key={one} type="button" aria-pressed={one === span} onClick={() => changeQuery({ span: one === '5m' ? null : one })}>
              {words(`span${one}`)}
            </button>
          ))}
        </div>
      </header>
      {live.error !== null && live.samples.length === 0 && <ErrorBox error={live.error} />}
      <dl class="tiles">
        <Tile name={words('requests')} value={last && perSecond(last.requestsPerSecond)} />
        <Tile name={`${words('latency')} ${words('slowest')}`} value={last && (last.p99Milliseconds === null ? '–' : formatDuration(last.p99Milliseconds))} />
        <Tile name={words('storage')} value={last && formatBytes(last.storageBytes)} />
        <Tile name={words('connections')} value={last && formatNumber(last.connections)} />
        <Tile name={words('running')} value={last && formatNumber(last.runningQueries)} />
      </dl>
      <Welcome />
      <div class="charts">
        <div class="card">
          <TimeChart
            group="dashboard"
            title={words('requests')}
            columns={columns('requestsPerSecond', 'writesPerSecond')}
            format={perSecond}
            series={[
              { label: words('all'), color: 'series-1', fill: true },
              { label: words('writes'), color: 'series-2', dash: [4, 3] },
            ]}
          />
        </div>
        <div class="card">
          <TimeChart
            group="dashboard"
            title={words('latency')}
            columns={columns('p50Milliseconds', 'p99Milliseconds')}
            format={formatDuration}
            series={[
              { label: words('half'), color: 'series-1', points: true },
              { label: words('slowest'), color: 'series-3', dash: [4, 3], points: true },
            ]}
          />
        </div>
        <div class="card">
          <TimeChart
            group="dashboard"
            title={words('errors')}
            columns={columns('refusedPerSecond', 'errorsPerSecond')}
            format={perSecond}
            series={[
              { label: words('refused'), color: 'series-3' },
              { label: words('failed'), color: 'danger', dash: [4, 3] },
            ]}
          />
        </div>
        <div class="card">
          <TimeChart group="dashboard" title={words('memory')} columns={columns('memoryBytes')} format={formatBytes} series={[{ label: words('memory'), color: 'series-5', fill: true }]} />
        </div>
      </div>
      <div class="dashboard-lists">
        <div>
          <HottestCollections />
          <Jobs />
          <CacheRates samples={live.samples} span={span} />
        </div>
        <div>
          <SlowQueries />
          <Disk samples={live.samples} span={span} />
          <Regions />
          <LargestCollections />
        </div>
      </div>
    </div>
  );
}

const spanOf = (text: string | null): Span => (text !== null && text in spans ? (text as Span) : '5m');

function Tile({ name, value }: { name: string; value: string | undefined }) {
  return (
    <div class="tile card">
      <dt>{name}</dt>
      <dd>{value ?? '–'}</dd>
    </div>
  );
}

function Regions() {
  const live = useLive(signal => call('describeTopology', { signal, timeoutMilliseconds: 10_000 }), 5000);
  const topology = live.value?.result;
  if (!topology?.isCluster) return null;
  return (
    <section class="card">
      <h2>{words('regions')}</h2>
      <FabricMap small topology={topology} selected={null} onSelect={region => region && navigate(`/fabric/${encodeURIComponent(region)}`)} />
      <a href={href('/fabric')}>{words('openMap')}</a>
    </section>
  );
}

/** The fabric's collections but the system's; undefined until they are known. */
const ownCollections = () => collections.value?.filter(one => !one.isSystem && !one.name.startsWith('_'));

function LargestCollections() {
  const own = ownCollections();
  if (!own?.length) return null;
  const largest = [...own].sort((a, b) => (b.figures?.count ?? 0) - (a.figures?.count ?? 0)).slice(0, 8);
  return (
    <section class="card">
      <h2>{words('largest')}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{words('collection')}</th>
            <th scope="col" class="number">
              {words('documents')}
            </th>
            <th scope="col" class="number">
              {words('size')}
            </th>
          </tr>
        </thead>
        <tbody>
          {largest.map(one => (
            <tr key={one.name}>
              <th scope="row">
                <a href={href(`/collections/${encodeURIComponent(one.name)}`)}>{one.name}</a>
              </th>
              <td class="number">{one.figures?.count === undefined ? '–' : formatRough(one.figures.count)}</td>
              <td class="number">{one.figures?.documentsSize === undefined ? '–' : formatBytes(one.figures.documentsSize)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

// What to do first, until there is a collection.
function Welcome() {
  const [busy, setBusy] = useState(false);
  if (ownCollections()?.length !== 0) return null;
  const load = async () => {
    setBusy(true);
    try {
      await loadSample();
      toast({ text: words('sampleLoaded'), action: { text: 'addresses', run: () => navigate('/collections/addresses') } });
      void loadCollections();
    } catch (error) {
      toastError(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <section class="welcome card" aria-label={words('welcome')}>
      <h2>{words('welcome')}</h2>
      <p>{words('welcomeHint')}</p>
      <ul>
        <li>
          <Button kind="primary" icon="upload" disabled={busy} onClick={() => void load()}>
            {words('sample')}
          </Button>
          <span class="hint">{words('sampleHint')}</span>
        </li>
        <li>
          <LinkButton icon="plus" href={href('/collections?add=1')}>
            {words('create')}
          </LinkButton>
          <span class="hint">{words('createHint')}</span>
        </li>
        <li>
          <LinkButton icon="query" href={href('/query')}>
            {words('first')}
          </LinkButton>
          <span class="hint">{words('firstHint')}</span>
        </li>
      </ul>
    </section>
  );
}
