import { formatNumber } from '../../core/messages';
import { linkBetween, type Topology } from '../../core/map/topology';
import { words } from './messages';

/** How warm a round trip is drawn: 0 below 20 ms, 1 from 320 ms on, by doubling. */
export function heatOf(milliseconds: number): number {
  return Math.min(1, Math.max(0, Math.log2(milliseconds / 20) / 4));
}

/** Round trips from each region to each other, as each measures them; regions stand from west to east, so that near ones are neighbours. */
export function LatencyMatrix({ topology, onSelect }: { topology: Topology; onSelect(region: string): void }) {
  const names = [...topology.regions].sort((a, b) => (a.longitude ?? 999) - (b.longitude ?? 999) || (a.name < b.name ? -1 : 1)).map(region => region.name);
  return (
    <div class="latency" tabIndex={0} role="region" aria-label={words('latency')}>
      <table>
        <caption>
          <span>{words('latencyHint')}</span>
        </caption>
        <thead>
          <tr>
            <th scope="col">
              {words('from')} ↓ {words('to')} →
            </th>
            {names.map(name => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {names.map(from => (
            <tr key={from}>
              <th scope="row">
                <button type="button" class="as-link" onClick={() => onSelect(from)}>
                  {from}
                </button>
              </th>
              {names.map(to => (
                <Cell key={to} topology={topology} from={from} to={to} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ topology, from, to }: { topology: Topology; from: string; to: string }) {
  if (from === to) return <td class="same">·</td>;
  const link = linkBetween(topology, from, to);
  if (link?.isCut || (link && !link.isConnected)) return <td class="broken">✕</td>;
  if (!link || link.roundTripMilliseconds === null) return <td class="unknown">–</td>;
  const heat = Math.round(heatOf(link.roundTripMilliseconds) * 10);
  return <td class={`heat heat-${heat}`}>{formatNumber(link.roundTripMilliseconds, { maximumFractionDigits: link.roundTripMilliseconds < 10 ? 1 : 0 })}</td>;
}
