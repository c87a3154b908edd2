import { useEffect, useRef, useState } from 'preact/hooks';
import type { Arrivals } from '../../../core/api/answers';
import { call, curlOf, Unreachable } from '../../../core/api/client';
import { collections, collectionsError, loadCollections } from '../../../core/catalogue';
import type { RegionNote } from '../../../core/map/FabricMap';
import { formatDuration } from '../../../core/messages';
import { changeQuery, href, location } from '../../../core/router';
import { Busy, useElapsed } from '../../../ui/Busy';
import { Button } from '../../../ui/Button';
import { ErrorBox } from '../../../ui/ErrorBox';
import { Field, Select } from '../../../ui/Field';
import { ShowCalls } from '../../../ui/ShowCalls';
import { toast } from '../../../ui/Toast';
import { useAct } from '../../../ui/useAct';
import { arrivedAbout, noteOf, isSettled } from './arrivals';
import { words } from './messages';

const everyMilliseconds = 150;

interface Watched {
  collection: string;
  key: string;
  revision: string;
  isProbe: boolean;
}

/** Writes a document in this region and tells when each of the others has it; the map shows the same beside its pins. */
export function SpreadWatch({ onNotes }: { onNotes(notes: ReadonlyMap<string, RegionNote> | undefined): void }) {
  const names = collections.value?.filter(one => one.type === 2 && !one.isSystem && !one.isLocal).map(one => one.name);
  const query = location.value.query;
  const collection = query.get('watch') ?? names?.[0] ?? '';
  const key = query.get('key') ?? '';
  const [watched, setWatched] = useState<Watched | null>(null);
  const [arrivals, setArrivals] = useState<Arrivals | null>(null);
  const [silent, setSilent] = useState(false);
  const { busy, error, run } = useAct();
  const stop = useRef<AbortController | null>(null);
  const waiting = watched !== null && stop.current !== null && !(arrivals && isSettled(arrivals));
  const elapsed = useElapsed(waiting);
  useEffect(() => void loadCollections(), []);
  useEffect(() => () => stop.current?.abort(), []);
  useEffect(() => {
    onNotes(arrivals ? new Map(arrivals.regions.map(one => [one.region, noteOf(one)])) : undefined);
  }, [arrivals]);

  const [time, setTime] = useState(() => new Date().toISOString());
  const documentOf = (spreadProbe: string) => ({ ...(key ? { _key: key } : {}), spreadProbe });
  const document = documentOf(time);
  const write = () =>
    run(async () => {
      stop.current?.abort();
      const mine = (stop.current = new AbortController());
      setWatched(null);
      setArrivals(null);
      const now = new Date().toISOString();
      setTime(now);
      const written = await call('insertDocuments', { path: { collection }, query: { overwriteMode: 'update' }, body: documentOf(now), signal: mine.signal });
      if (Array.isArray(written)) return;
      const next = { collection, key: written._key, revision: String(written._rev), isProbe: key === '' };
      setWatched(next);
      void follow(next, mine.signal);
    });
  const follow = async ({ collection: name, revision }: Watched, signal: AbortSignal) => {
    while (!signal.aborted) {
      try {
        const { result } = await call('readArrivals', { query: { collection: name, revision }, signal, timeoutMilliseconds: 10_000 });
        if (signal.aborted) return;
        setSilent(false);
        setArrivals(result);
        if (isSettled(result)) return;
      } catch (problem) {
        if (signal.aborted) return;
        // A server that is away for a moment has noted meanwhile what arrived.
        if (!(problem instanceof Unreachable)) {
          stop.current = null;
          return void run(() => Promise.reject(problem as Error));
        }
        setSilent(true);
      }
      await new Promise(resolve => setTimeout(resolve, everyMilliseconds));
    }
  };
  const cancel = () => {
    stop.current?.abort();
    stop.current = null;
    setWatched(null);
    setArrivals(null);
  };
  const remove = () =>
    run(async () => {
      await call('removeDocument', { path: { collection: watched!.collection, key: watched!.key } });
      toast(words('removed', { key: watched!.key }));
      cancel();
    });

  const revision = watched?.revision ?? 'REVISION';
  const has = arrivals?.regions.filter(one => one.state !== 'notKept') ?? [];
  return (
    <section class="card spread-watch" aria-labelledby="spread-title">
      <h2 id="spread-title">{words('title')}</h2>
      {names === undefined ? (
        collectionsError.value !== null ? <ErrorBox error={collectionsError.value} onRetry={() => void loadCollections()} /> : <Busy />
      ) : names.length === 0 ? (
        <p class="hint">
          {words('noCollection')} <a href={href('/collections')}>{words('toCollections')}</a>
        </p>
      ) : (
        <>
          <form
            class="spread-form"
            onSubmit={event => {
              event.preventDefault();
              if (!waiting) void write();
            }}
          >
            <Select label={words('collection')} value={collection} onValue={value => changeQuery({ watch: value })} options={[...new Set([...names, collection])].map(name => [name, name] as const)} disabled={waiting} />
            <Field label={words('key')} hint={words('keyHint')} value={key} onValue={value => changeQuery({ key: value, watch: collection })} disabled={waiting} autocomplete="off" spellcheck={false} />
            <div class="row">
              <Button kind="primary" icon="bolt" type="submit" disabled={busy || waiting}>
                {words('write')}
              </Button>
              {waiting && <Button onClick={cancel}>{words('cancel')}</Button>}
            </div>
          </form>
          <p class="hint">{key ? words('willUpdate', { document: `${collection}/${key}` }) : words('willInsert', { collection })}</p>
        </>
      )}
      {error !== null && <ErrorBox error={error} />}
      {watched && arrivals && (
        <>
          <p role="status">
            {words(waiting ? 'waiting' : 'done', { document: `${watched.collection}/${watched.key}`, count: has.filter(one => one.state !== 'notYet').length, all: has.length })}
            {silent && ` ${words('silent')}`}
          </p>
          <div class="scrolling" tabIndex={0} role="region" aria-label={words('title')}>
            <table class="regions arrivals">
              <thead>
                <tr>
                  <th scope="col">{words('region')}</th>
                  <th scope="col">{words('state')}</th>
                  <th scope="col" class="number">
                    {words('atMost')}
                  </th>
                  <th scope="col" class="number">
                    {words('about')}
                  </th>
                </tr>
              </thead>
              <tbody>
                {arrivals.regions.map(one => (
                  <tr key={one.region} data-arrival={one.state}>
                    <th scope="row">{one.region}</th>
                    <td>
                      <span class={`badge ${{ written: 'accent', arrived: 'good', notYet: 'warn', notKept: '' }[one.state]}`}>{words(one.state)}</span>
                      {one.state === 'notYet' && (
                        <span class="hint">
                          {' '}
                          <span aria-hidden="true" class="numbers">{formatDuration(Math.floor(elapsed / 100) * 100)}</span>
                          {!one.isConnected && ` ${words('noLink')}`}
                        </span>
                      )}
                    </td>
                    <td class="number">{one.atMostMilliseconds === null ? (one.state === 'arrived' ? words('unknown') : '–') : `≤ ${formatDuration(one.atMostMilliseconds)}`}</td>
                    <td class="number">{arrivedAbout(one) === null ? '–' : `≈ ${formatDuration(arrivedAbout(one)!)}`}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <div class="row">
            <a class="button small" href={href(`/collections/${encodeURIComponent(watched.collection)}/documents/${encodeURIComponent(watched.key)}`)}>
              {words('open')}
            </a>
            {watched.isProbe && !waiting && (
              <Button small icon="trash" disabled={busy} onClick={() => void remove()}>
                {words('removeProbe')}
              </Button>
            )}
          </div>
        </>
      )}
      <details class="how">
        <summary>{words('how')}</summary>
        <p>{words('howText')}</p>
      </details>
      {collection && (
        <ShowCalls
          c8ql={`INSERT ${JSON.stringify(document)} INTO \`${collection}\` OPTIONS { overwriteMode: "update" }\n  RETURN NEW._rev`}
          curl={`${curlOf('insertDocuments', { path: { collection }, query: { overwriteMode: 'update' }, body: document })}\n${curlOf('readArrivals', { query: { collection: watched?.collection ?? collection, revision } })}`}
        />
      )}
    </section>
  );
}
