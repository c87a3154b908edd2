import type { QueryActivity } from '../../core/api/answers';
import { call } from '../../core/api/client';
import { queryLink } from '../../core/links';
import { useLive } from '../../core/live/useLive';
import { formatDuration, formatTime } from '../../core/messages';
import { fabric, href } from '../../core/router';
import { words } from './messages';

const shown = 6;
/** A query that has been running for so long is slow already, whatever becomes of it. */
const slowAfterSeconds = 1;
const textLength = 160;

/** What runs slowly in the fabric now, and what did lately. */
export function SlowQueries() {
  const running = useLive(signal => call('listRunningQueries', { signal, timeoutMilliseconds: 10_000 }), 1000, [fabric.value]);
  const ended = useLive(signal => call('listSlowQueries', { signal, timeoutMilliseconds: 10_000 }), 5000, [fabric.value]);
  const now = (running.value ?? []).filter(query => query.runTime >= slowAfterSeconds).sort((a, b) => b.runTime - a.runTime);
  const before = [...(ended.value ?? [])].sort((a, b) => (a.started < b.started ? 1 : -1));
  const queries = [...now.map(query => ({ query, isRunning: true })), ...before.map(query => ({ query, isRunning: false }))];
  return (
    <section class="card" data-card="slow">
      <h2>{words('slow')}</h2>
      {queries.length === 0 ? (
        <p class="hint">{words('noSlow')}</p>
      ) : (
        <ul class="slow-queries">
          {queries.slice(0, shown).map(({ query, isRunning }) => (
            <li key={query.id}>
              <a href={href(queryLink(query.query, query.bindVars))}>
                <code>{shortened(query)}</code>
              </a>
              <span class="hint">
                {isRunning && <b class="running-mark">{words('runsNow')}</b>} {formatDuration(query.runTime * 1000)} · {formatTime(query.started)}
              </span>
            </li>
          ))}
        </ul>
      )}
      <p class="card-links">
        <a href={href('/queries/running')}>{words('allRunning')}</a>
        <a href={href('/queries/slow')}>{words('allSlow')}</a>
        {queries.length > shown && <span class="hint">{words('moreSlow', { count: queries.length - shown })}</span>}
      </p>
    </section>
  );
}

const shortened = ({ query }: QueryActivity) => (query.length > textLength ? `${query.slice(0, textLength)}…` : query);
