import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { QueryActivity } from '../../core/api/answers';
import { call } from '../../core/api/client';
import { formatBytes, formatDuration, formatTime } from '../../core/messages';
import { queryLink } from '../../core/links';
import { href } from '../../core/router';
import { Busy } from '../../ui/Busy';
import { Button, LinkButton } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorBox } from '../../ui/ErrorBox';
import { toast, toastError } from '../../ui/Toast';
import { useLoad } from '../../ui/useLoad';
import { words } from './messages';

const REFRESH_MILLISECONDS = 1000;

/** What runs in this fabric now, asked for every second while the page is visible. */
export function RunningQueries() {
  const list = useLoad(signal => call('listRunningQueries', { signal }), []);
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === 'visible' && list.reload(), REFRESH_MILLISECONDS);
    return () => clearInterval(timer);
  }, []);
  const kill = async (id: string) => {
    try {
      await call('killQuery', { path: { id } });
      toast(words('killed', { id }));
      list.reload();
    } catch (error) {
      toastError(error);
    }
  };
  if (!list.value) return list.error !== null ? <ErrorBox error={list.error} onRetry={list.reload} /> : <Busy onCancel={list.cancel} />;
  if (list.value.length === 0)
    return (
      <EmptyState icon="clock" title={words('noneRunning')}>
        {words('noneRunningText')}
      </EmptyState>
    );
  return (
    <ActivityTable
      rows={list.value}
      action={one => (
        <Button small kind="danger" icon="stop" onClick={() => void kill(one.id)}>
          {words('kill')}
        </Button>
      )}
    />
  );
}

/** The queries that took longest, as the server remembers them. */
export function SlowQueries() {
  const list = useLoad(signal => call('listSlowQueries', { signal }), []);
  const properties = useLoad(signal => call('readQueryProperties', { signal }), []);
  const [isClearing, setClearing] = useState(false);
  const clear = async () => {
    setClearing(true);
    try {
      await call('clearSlowQueries', {});
      list.reload();
    } catch (error) {
      toastError(error);
    }
    setClearing(false);
  };
  if (!list.value) return list.error !== null ? <ErrorBox error={list.error} onRetry={list.reload} /> : <Busy onCancel={list.cancel} />;
  if (list.value.length === 0)
    return (
      <EmptyState icon="clock" title={words('noneSlow')}>
        {properties.value && words('noneSlowText', { time: formatDuration(properties.value.slowQueryThreshold * 1000) })}
      </EmptyState>
    );
  return (
    <>
      <div class="toolbar">
        <div class="row spread">
          <Button icon="refresh" onClick={list.reload}>
            {words('refresh')}
          </Button>
          <Button icon="trash" disabled={isClearing} onClick={() => void clear()}>
            {words('forgetSlow')}
          </Button>
        </div>
      </div>
      <ActivityTable
        rows={list.value.toSorted((a, b) => b.runTime - a.runTime)}
        action={one => (
          <LinkButton kind="plain" icon="edit" href={href(queryLink(one.query, one.bindVars))}>
            {words('open')}
          </LinkButton>
        )}
      />
    </>
  );
}

function ActivityTable({ rows, action }: { rows: QueryActivity[]; action(one: QueryActivity): ComponentChildren }) {
  return (
    <div class="activity" tabIndex={0} role="region" aria-label={words('query')}>
      <table>
        <thead>
          <tr>
            <th>{words('query')}</th>
            <th>{words('runTime')}</th>
            <th>{words('started')}</th>
            <th>{words('user')}</th>
            <th>{words('memory')}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {rows.map(one => (
            <tr key={one.id}>
              <td>
                <code class="activity-text">{one.query.slice(0, 300)}</code>
                {Object.keys(one.bindVars ?? {}).length > 0 && <code class="activity-binds muted">{JSON.stringify(one.bindVars).slice(0, 120)}</code>}
              </td>
              <td class="numbers">{formatDuration(one.runTime * 1000)}</td>
              <td class="numbers">{formatTime(one.started)}</td>
              <td>{one.user ?? ''}</td>
              <td class="numbers">{one.peakMemoryUsage === undefined ? '' : formatBytes(one.peakMemoryUsage)}</td>
              <td>{action(one)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
