import { useMemo, useRef, useState } from 'preact/hooks';
import type { Answers } from '../../core/api/answers';
import { call } from '../../core/api/client';
import { saveFile } from '../../core/results/download';
import { href } from '../../core/router';
import { Busy } from '../../ui/Busy';
import { Button, LinkButton } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorBox } from '../../ui/ErrorBox';
import { FilterField } from '../../ui/FilterField';
import { toast, toastError } from '../../ui/Toast';
import { useLoad } from '../../ui/useLoad';
import { words } from './messages';
import { exportText, fits, foldersOf, importedQueries, newestFirst } from './saved';
import { SavedQueryCard } from './SavedQueryCard';

const SHOWN_MAX = 100;

type Failure = NonNullable<Answers['importRestql']['result']['details']>['errors'][number];

/** The saved queries of the fabric: newest first, in folders by the `/` in their names. */
export function SavedQueries() {
  const list = useLoad(async signal => newestFirst((await call('listRestql', { signal })).result), []);
  const [typed, setTyped] = useState('');
  const [failures, setFailures] = useState<Failure[]>([]);
  const file = useRef<HTMLInputElement>(null);
  const found = useMemo(() => (list.value ?? []).filter(query => fits(query, typed)), [list.value, typed]);
  const folders = useMemo(() => foldersOf(found.slice(0, SHOWN_MAX)), [found]);

  const importFile = async (chosen: File) => {
    const queries = importedQueries(await chosen.text());
    if (!queries) {
      toast({ kind: 'bad', text: words('notAFile') });
      return;
    }
    try {
      const { result } = (await call('importRestql', { body: { queries, details: true } })) as { result: { created: number; errors: number; details?: { errors: Failure[] } } };
      toast({ kind: result.errors ? 'bad' : 'good', text: words('imported', { created: result.created, failed: result.errors }), milliseconds: 8000 });
      setFailures(result.details?.errors ?? []);
      list.reload();
    } catch (error) {
      toastError(error);
    }
  };

  if (list.error !== null && !list.value) return <ErrorBox error={list.error} onRetry={list.reload} />;
  if (!list.value) return <Busy onCancel={list.cancel} />;
  return (
    <>
      <div class="toolbar">
        <FilterField label={words('filter')} value={typed} onValue={setTyped} />
        <span class="hint numbers">{words('count', { count: found.length })}</span>
        <div class="row spread">
          <input
            ref={file}
            type="file"
            accept=".json,application/json"
            hidden
            onChange={event => {
              const chosen = event.currentTarget.files?.[0];
              event.currentTarget.value = '';
              if (chosen) void importFile(chosen);
            }}
          />
          <Button icon="upload" onClick={() => file.current!.click()}>
            {words('importFile')}
          </Button>
          <Button icon="download" disabled={list.value.length === 0} onClick={() => saveFile(new Blob([exportText(list.value!)], { type: 'application/json' }), 'queries.json')}>
            {words('exportAll')}
          </Button>
        </div>
      </div>
      {list.value.length === 0 ? (
        <EmptyState
          icon="saved"
          title={words('none')}
          action={
            <LinkButton kind="primary" icon="plus" href={href('/query')}>
              {words('newQuery')}
            </LinkButton>
          }
          code="FOR doc IN addresses RETURN doc"
        >
          {words('noneText')}
        </EmptyState>
      ) : found.length === 0 ? (
        <p class="hint">{words('noneFit')}</p>
      ) : (
        folders.map(folder => (
          <section key={folder.path} class="query-folder" aria-label={folder.path || words('saved')}>
            {folder.path && <h2 class="query-folder-name">{folder.path}/</h2>}
            <ul class="saved-queries">
              {folder.queries.map(query => (
                <SavedQueryCard key={query.name} query={query} onChanged={list.reload} />
              ))}
            </ul>
          </section>
        ))
      )}
      {found.length > SHOWN_MAX && <p class="hint">{words('moreQueries', { count: found.length - SHOWN_MAX })}</p>}
      {failures.length > 0 && (
        <Dialog title={words('importFailed')} onClose={() => setFailures([])}>
          <ul class="stack">
            {failures.map(failure => (
              <li key={failure.query.name}>
                <code>{failure.query.name}</code>: {failure.errorMessage}
              </li>
            ))}
          </ul>
        </Dialog>
      )}
    </>
  );
}
