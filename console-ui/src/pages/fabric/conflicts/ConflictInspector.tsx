import { useEffect, useRef } from 'preact/hooks';
import { curlOf } from '../../../core/api/client';
import { collections, loadCollections } from '../../../core/catalogue';
import { conflictQuery, conflictsMax, type Conflict } from '../../../core/conflictQuery';
import { readConflicts } from '../../../core/conflicts';
import { queryLink } from '../../../core/links';
import type { Topology } from '../../../core/map/topology';
import { formatTime } from '../../../core/messages';
import { changeQuery, fabric, href, location } from '../../../core/router';
import { Busy } from '../../../ui/Busy';
import { Button } from '../../../ui/Button';
import { ErrorBox } from '../../../ui/ErrorBox';
import { Field, Select } from '../../../ui/Field';
import { ShowCalls } from '../../../ui/ShowCalls';
import { useLoad } from '../../../ui/useLoad';
import { ConflictDetails } from './ConflictDetails';
import { words } from './messages';
import './conflicts.css';

const hours = { hour: 1, day: 24, week: 7 * 24 } as const;
type Span = keyof typeof hours;

/** What merging discarded, from the journal of a region: both sides, what decided, and the lost value back on demand. */
export function ConflictInspector({ topology }: { topology: Topology }) {
  const query = location.value.query;
  const of = (name: string) => query.get(name) ?? '';
  const filter = { document: of('conflicts'), collection: of('conflictsIn'), region: of('conflictsOf'), journal: of('journal') };
  const span = of('conflictsSince') as Span | '';
  const found = useLoad(signal => readConflicts({ ...filter, ...since(span) }, signal), [filter, span, fabric.value]);
  const section = useRef<HTMLElement>(null);
  useEffect(() => void loadCollections(), []);
  useEffect(() => {
    if (filter.document) section.current?.scrollIntoView({ block: 'start' });
  }, []);
  const names = topology.regions.map(region => region.name);
  const collectionNames = [...new Set([...(collections.value ?? []).filter(one => !one.isSystem).map(one => one.name), ...(filter.collection ? [filter.collection] : [])])];
  const all = conflictQuery({ ...filter, ...since(span) });
  return (
    <section ref={section} class="card conflicts" id="conflicts" aria-labelledby="conflicts-title">
      <div class="row">
        <h2 id="conflicts-title">{words('title')}</h2>
        <Button small icon="refresh" disabled={found.loading} onClick={found.reload}>
          {words('reload')}
        </Button>
        <a class="button small" href={href(queryLink(all.query, all.bindVars))}>
          {words('asQuery')}
        </a>
      </div>
      <p class="hint">{words('about')}</p>
      <div class="conflict-filters">
        <Select label={words('collection')} value={filter.collection} onValue={value => changeQuery({ conflictsIn: value })} options={[['', words('any')], ...collectionNames.map(name => [name, name] as const)]} />
        <Select label={words('region')} value={filter.region} onValue={value => changeQuery({ conflictsOf: value })} options={[['', words('any')], ...names.map(name => [name, name] as const)]} />
        <Select label={words('since')} value={span} onValue={value => changeQuery({ conflictsSince: value })} options={[['', words('month')], ...(Object.keys(hours) as Span[]).map(name => [name, words(name)] as const)]} />
        <Select label={words('journal')} value={filter.journal || topology.self} onValue={value => changeQuery({ journal: value === topology.self ? null : value })} options={names.map(name => [name, name] as const)} />
        <Field label={words('document')} value={filter.document} onValue={value => changeQuery({ conflicts: value })} placeholder="collection/key" autocomplete="off" spellcheck={false} />
      </div>
      {found.error !== null && <ErrorBox error={found.error} onRetry={found.reload} />}
      {found.value === undefined ? found.error === null && <Busy onCancel={found.cancel} /> : <ConflictList conflicts={found.value} onChanged={found.reload} />}
      <ShowCalls c8ql={all.query} curl={curlOf('runQuery', { body: all })} />
    </section>
  );
}

const since = (span: Span | '') => (span && span in hours ? { since: Math.floor(Date.now() / 60_000) * 60 - hours[span] * 3600 } : {});

function ConflictList({ conflicts, onChanged }: { conflicts: Conflict[]; onChanged(): void }) {
  if (conflicts.length === 0) return <p class="muted">{words('none')}</p>;
  return (
    <>
      <p role="status">{words(conflicts.length === conflictsMax ? 'newest' : 'count', { count: conflicts.length })}</p>
      <ul class="conflict-list">
        {conflicts.map(one => (
          <li key={one._key}>
            <ConflictRow conflict={one} onChanged={onChanged} />
          </li>
        ))}
      </ul>
    </>
  );
}

function ConflictRow({ conflict, onChanged }: { conflict: Conflict; onChanged(): void }) {
  const open = location.value.query.get('conflict') === conflict._key;
  return (
    <details open={open} onToggle={event => event.currentTarget.open !== open && changeQuery({ conflict: event.currentTarget.open ? conflict._key : null })}>
      <summary>
        <time dateTime={new Date(conflict.at * 1000).toISOString()} class="numbers">
          {formatTime(conflict.at * 1000)}
        </time>
        <code>{conflict.document}</code>
        <span>{conflict.path ? <code>{conflict.path}</code> : words('whole')}</span>
        <span class="badge note">{conflict.rule}</span>
        <span>{words('sides', { lost: conflict.lostRegion, winner: conflict.winnerRegion })}</span>
      </summary>
      {open && <ConflictDetails conflict={conflict} onChanged={onChanged} />}
    </details>
  );
}
