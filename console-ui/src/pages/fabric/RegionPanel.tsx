import { useState } from 'preact/hooks';
import { call } from '../../core/api/client';
import { formatBytes, formatDuration, formatNumber, formatRough } from '../../core/messages';
import { mapWords } from '../../core/map/messages';
import { lagOf, linkBetween, type Region, type Topology } from '../../core/map/topology';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { toast, toastError } from '../../ui/Toast';
import { PromoteRegion } from './laterViews';
import { words } from './messages';
import { RemoveRegion } from './RemoveRegion';

export interface RegionPanelProps {
  region: Region;
  topology: Topology;
  onChanged(): void;
  onClose(): void;
}

/** What is known about a region, how to get to its console, and in a demo how to let it fail. */
export function RegionPanel({ region, topology, onChanged, onClose }: RegionPanelProps) {
  const lag = lagOf(topology, region.name);
  const facts: [string, string][] = [
    [words('place'), [region.city, region.country].filter(Boolean).join(', ') || words('unknown')],
    [words('lag'), region.isSelf ? '–' : lag === null ? words('unknown') : formatDuration(lag)],
    [words('documents'), region.documents === null ? words('unknown') : formatRough(region.documents)],
    [words('storage'), region.storageBytes === null ? words('unknown') : formatBytes(region.storageBytes)],
    [words('requests'), region.requestsPerSecond === null ? words('unknown') : formatNumber(region.requestsPerSecond, { maximumFractionDigits: 1 })],
    [words('uptime'), region.uptimeSeconds === null ? words('unknown') : formatDuration(region.uptimeSeconds * 1000)],
    [words('version'), region.version ?? words('unknown')],
  ];
  return (
    <section class="region-panel" aria-label={region.name}>
      <header>
        <h2>{region.name}</h2>
        <Button kind="quiet" icon="close" label={words('close')} onClick={onClose} />
      </header>
      <p class="row">
        <StateBadge region={region} />
        {region.isSelf && <span class="badge">{words('here')}</span>}
        {region.isHome && <span class="badge">{words('home')}</span>}
        {region.isSpot && <span class="badge">{words('spot')}</span>}
      </p>
      {!region.isSelf && <OpenThere region={region} />}
      <dl class="region-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {topology.isDemo && <FailOrHeal region={region} onChanged={onChanged} />}
      {topology.regions.length > 1 && (
        <>
          <h3>{words('links')}</h3>
          <ul class="links">
            {topology.regions
              .filter(other => other.name !== region.name)
              .map(other => (
                <LinkRow key={other.name} from={region.name} to={other.name} topology={topology} onChanged={onChanged} />
              ))}
          </ul>
        </>
      )}
      {topology.isCluster && !region.isHome && <PromoteRegion region={region} topology={topology} onPromoted={onChanged} />}
      {topology.isCluster && !region.isHome && region.state !== 'removed' && <RemoveRegion region={region} onRemoved={onChanged} />}
    </section>
  );
}

export function StateBadge({ region }: { region: Region }) {
  const silent = !region.isReachable && region.state === 'up';
  return <span class={`badge state-${silent ? 'down' : region.state}`}>{silent ? words('silent') : mapWords(region.state)}</span>;
}

function OpenThere({ region }: { region: Region }) {
  const [busy, setBusy] = useState(false);
  const [blocked, setBlocked] = useState<string | null>(null);
  const open = async () => {
    setBusy(true);
    // The tab is opened at once: after waiting for an answer browsers take it for an advertisement.
    const tab = window.open('', '_blank');
    try {
      const { result } = await call('handOverConsole', { body: { region: region.name } });
      const address = `${result.url.replace(/\/$/, '')}/console/#code=${encodeURIComponent(result.code)}`;
      if (tab) {
        tab.opener = null;
        tab.location.href = address;
      } else setBlocked(address);
    } catch (error) {
      tab?.close();
      toastError(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button kind="primary" class="open-there" disabled={busy || region.state === 'down' || region.state === 'removed'} title={words('openHint', { region: region.name })} onClick={() => void open()}>
        <span aria-hidden="true">»</span> {words('openThere')}
      </Button>
      {blocked && (
        <p class="hint">
          {words('popup')} <a href={blocked}>{region.name}</a>
        </p>
      )}
    </>
  );
}

function FailOrHeal({ region, onChanged }: { region: Region; onChanged(): void }) {
  const [busy, setBusy] = useState(false);
  const isDown = region.state === 'down';
  const act = async () => {
    setBusy(true);
    try {
      await call(isDown ? 'healRegion' : 'failRegion', { path: { name: region.name } });
      toast(words(isDown ? 'healed' : 'failed', { region: region.name }));
      onChanged();
    } catch (error) {
      toastError(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button kind={isDown ? 'plain' : 'danger'} icon={isDown ? 'check' : 'bolt'} disabled={busy} onClick={() => void act()}>
      {words(isDown ? 'heal' : 'fail')}
    </Button>
  );
}

interface LinkRowProps {
  from: string;
  to: string;
  topology: Topology;
  onChanged(): void;
}

function LinkRow({ from, to, topology, onChanged }: LinkRowProps) {
  const link = linkBetween(topology, from, to);
  const back = linkBetween(topology, to, from);
  const cut = Boolean(link?.isCut || back?.isCut);
  const connected = link?.isConnected ?? back?.isConnected ?? false;
  const trip = link?.roundTripMilliseconds ?? back?.roundTripMilliseconds ?? null;
  const change = async () => {
    try {
      // One side is enough to cut. Of a link of this region it is this side: the other could not be told to restore it, since nothing passes to there.
      const sides = [from, to].includes(topology.self) ? [topology.self] : [from, to];
      await Promise.all(sides.map(side => call('changeRegionLinkBetween', { path: { from: side, to: side === from ? to : from }, body: { isCut: !cut } })));
      toast(words(cut ? 'linkRestored' : 'linkCut', { from, to }));
      onChanged();
    } catch (error) {
      toastError(error);
    }
  };
  return (
    <li>
      <Icon name={cut || !connected ? 'close' : 'link'} />
      <span class="link-name">{to}</span>
      <span class="link-figures">
        {cut ? mapWords('link_cut') : !connected ? mapWords('link_broken') : trip === null ? words('unknown') : formatDuration(trip)}
        {link?.recordsBehind ? ` · ${words('behind', { count: link.recordsBehind })}` : ''}
      </span>
      {topology.isDemo && (
        <Button small aria-label={words(cut ? 'restoreLink' : 'cutLink', { from, to })} onClick={() => void change()}>
          {words(cut ? 'restore' : 'cut')}
        </Button>
      )}
    </li>
  );
}
