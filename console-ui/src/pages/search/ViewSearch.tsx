import { useState } from 'preact/hooks';
import { call } from '../../core/api/client';
import { formatDuration, formatNumber } from '../../core/messages';
import type { ViewLink } from '../../core/api/answers';
import { queryLink } from '../../core/links';
import { changeQuery, fabric, href, location, navigate } from '../../core/router';
import { Busy } from '../../ui/Busy';
import { Button } from '../../ui/Button';
import { DropButton } from '../../ui/DropButton';
import { ErrorBox } from '../../ui/ErrorBox';
import { Field, Select } from '../../ui/Field';
import { toast } from '../../ui/Toast';
import { useLoad } from '../../ui/useLoad';
import { EditView, RenameView } from './laterDialogs';
import { excerpt, fieldsOf, highlight, HITS_MOST, searchText, valueAt, type MatchMode, type SearchedField } from './searchQuery';
import { words } from './messages';

const modes: readonly MatchMode[] = ['any', 'every', 'phrase'];

/** One view: what it searches, a search tried on it with what was found marked, and how to change, rename and drop it. */
export function ViewSearch({ name }: { name: string }) {
  const { value: view, error, reload } = useLoad(async signal => (await call('readViewProperties', { path: { view: name }, signal })).result, [name, fabric.value]);
  const [asking, setAsking] = useState<'edit' | 'rename' | null>(null);
  const close = () => setAsking(null);
  if (error)
    return (
      <div class="page">
        <ErrorBox error={error} onRetry={reload} />
      </div>
    );
  if (!view) return <Busy />;
  const fields = fieldsOf(view.links);
  return (
    <div class="page search-page">
      <header class="page-head">
        <h1>{name}</h1>
        <div class="actions">
          <Button icon="edit" onClick={() => setAsking('edit')}>
            {words('edit')}
          </Button>
          <Button onClick={() => setAsking('rename')}>{words('rename')}</Button>
          <DropButton
            name={name}
            action={words('drop')}
            text={words('dropText', { name })}
            onDrop={async () => {
              await call('dropView', { path: { view: name } });
              toast(words('dropped', { name }));
              navigate('/search');
            }}
          />
        </div>
      </header>
      <ul class="view-links">
        {Object.entries(view.links).map(([collection, link]) => (
          <li key={collection}>
            <a href={href(`/collections/${encodeURIComponent(collection)}`)}>{collection}</a>
            <span class="muted">
              {searchedText(collection, link)}
            </span>
          </li>
        ))}
      </ul>
      {fields.length > 0 && <TrySearch view={name} fields={fields} />}
      {asking === 'edit' && <EditView view={view} onClose={close} onChanged={reload} />}
      {asking === 'rename' && <RenameView name={name} onClose={close} onRenamed={next => navigate(`/search/${encodeURIComponent(next)}`, { replace: true })} />}
    </div>
  );
}

/** `city, name · text_en; tag · identity`: what a view reads of a collection, and by which analyzers. */
function searchedText(collection: string, link: ViewLink): string {
  const byAnalyzer = new Map<string, string[]>();
  for (const { path, analyzer } of fieldsOf({ [collection]: link })) byAnalyzer.set(analyzer, [...(byAnalyzer.get(analyzer) ?? []), path]);
  const named = [...byAnalyzer].map(([analyzer, paths]) => `${paths.join(', ')} · ${analyzer}`);
  return [...(link.includeAllFields ? [`${words('allFields')} · ${link.analyzers?.join(', ') || 'identity'}`] : []), ...named].join('; ');
}

interface Hit {
  score: number;
  doc: Record<string, unknown>;
}

function TrySearch({ view, fields }: { view: string; fields: SearchedField[] }) {
  const asked = location.value.query.get('words') ?? '';
  const mode = (location.value.query.get('match') ?? 'any') as MatchMode;
  const [typed, setTyped] = useState(asked);
  const text = searchText(view, fields, modes.includes(mode) ? mode : 'any');
  const { value, error, loading } = useLoad(
    async signal => {
      if (!asked) return null;
      const started = performance.now();
      const answer = (await call('runQuery', { body: { query: text, bindVars: { words: asked }, batchSize: HITS_MOST }, signal })) as { result: Hit[] };
      return { hits: answer.result, milliseconds: performance.now() - started };
    },
    [asked, mode, fabric.value],
  );
  return (
    <section class="card" aria-label={words('tryIt')}>
      <form
        class="search-form"
        onSubmit={event => {
          event.preventDefault();
          changeQuery({ words: typed });
        }}
      >
        <Field label={words('searchFor')} type="search" value={typed} onValue={setTyped} autocomplete="off" />
        <Select label={words('mode')} value={mode} onValue={match => changeQuery({ match })} options={modes.map(one => [one, words(one)] as const)} />
        <Button kind="primary" type="submit" icon="search">
          {words('search')}
        </Button>
        <Button icon="query" onClick={() => navigate(queryLink(text, { words: asked || typed }))}>
          {words('openQuery')}
        </Button>
      </form>
      {error !== null && <ErrorBox error={error} />}
      {loading && asked !== '' && !value && <Busy />}
      {value && (
        <>
          <p class="muted" role="status">
            {value.hits.length === 0 ? words('none') : words(value.hits.length < HITS_MOST ? 'found' : 'foundBest', { count: value.hits.length, time: formatDuration(value.milliseconds) })}
          </p>
          <ol class="hits">
            {value.hits.map(hit => (
              <HitRow key={String(hit.doc._id)} hit={hit} fields={fields} asked={asked} />
            ))}
          </ol>
        </>
      )}
    </section>
  );
}

function HitRow({ hit, fields, asked }: { hit: Hit; fields: SearchedField[]; asked: string }) {
  const [collection, key] = String(hit.doc._id).split('/', 2);
  const paths = [...new Set(fields.map(field => field.path))];
  return (
    <li>
      <div class="row">
        <a href={href(`/collections/${encodeURIComponent(collection)}/documents/${encodeURIComponent(key)}`)}>{String(hit.doc._id)}</a>
        <span class="muted numbers" title={words('score')}>
          {formatNumber(hit.score, { maximumFractionDigits: 3 })}
        </span>
      </div>
      {paths.map(path => {
        const value = valueAt(hit.doc, path);
        if (typeof value !== 'string' || value === '') return null;
        return (
          <p key={path}>
            <b class="muted">{path}</b>{' '}
            {highlight(excerpt(value, asked), asked).map((piece, index) => (piece.isHit ? <mark key={index}>{piece.text}</mark> : <span key={index}>{piece.text}</span>))}
          </p>
        );
      })}
    </li>
  );
}
