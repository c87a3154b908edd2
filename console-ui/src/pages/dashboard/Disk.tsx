import { growthOf } from '../../core/live/growth';
import type { Sample, Span } from '../../core/live/samples';
import { formatBytes, formatNumber } from '../../core/messages';
import { words } from './messages';

const hour = 3600;
const day = 24 * hour;
/** Beyond this a forecast from minutes or a day says nothing. */
const farAway = 3650 * day;

/** How much room the data has, how fast it grows, and when the disk will be full if it goes on so. */
export function Disk({ samples, span }: { samples: readonly Sample[]; span: Span }) {
  const last = samples.at(-1);
  if (!last) return null;
  const { diskFreeBytes: free, diskTotalBytes: total, storageBytes } = last;
  const growth = growthOf(samples, span);
  const used = free === undefined || total === undefined ? null : 1 - free / total;
  return (
    <section class="card" data-card="disk">
      <h2>{words('disk')}</h2>
      <dl class="facts">
        <dt>{words('storage')}</dt>
        <dd>{formatBytes(storageBytes)}</dd>
        {used !== null && (
          <>
            <dt>{words('diskFree')}</dt>
            <dd>{words('diskFreeOf', { free: formatBytes(free!), total: formatBytes(total!) })}</dd>
          </>
        )}
        <dt>{words('growth')}</dt>
        <dd>{growth ? words('growthOver', { rate: rateOf(growth.bytesPerSecond), span: timeOf(growth.milliseconds / 1000) }) : words('growthUnknown')}</dd>
      </dl>
      {used !== null && (
        <div class="progress" role="meter" aria-label={words('diskUsed')} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(used * 100)} aria-valuetext={formatNumber(used, { style: 'percent' })}>
          <div style={{ width: `${used * 100}%` }} />
        </div>
      )}
      {growth !== null && growth.fullInSeconds !== null && <p class={growth.fullInSeconds < day ? 'forecast soon' : 'forecast'}>{forecastOf(growth.fullInSeconds)}</p>}
    </section>
  );
}

/** Per hour: per second it is a number that nobody can add up. */
const rateOf = (bytesPerSecond: number) =>
  bytesPerSecond === 0 ? words('growthNone') : words('perHour', { value: `${bytesPerSecond < 0 ? '−' : '+'}${formatBytes(Math.abs(bytesPerSecond) * hour)}` });

const forecastOf = (seconds: number) => (seconds > farAway ? words('fullNever') : words('fullIn', { time: timeOf(seconds) }));

/** In the unit that says enough, and never more than it is: 90 minutes, 30 hours, 12 days. */
function timeOf(seconds: number): string {
  if (seconds < 2 * hour) return words('minutes', { count: Math.max(1, Math.floor(seconds / 60)) });
  return seconds < 2 * day ? words('hours', { count: Math.floor(seconds / hour) }) : words('days', { count: Math.floor(seconds / day) });
}
