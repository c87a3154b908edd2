import { useEffect, useMemo, useState } from 'preact/hooks';
import { ApiError, call, curlOf, send } from '../../core/api/client';
import type { CollectionInfo, Document } from '../../core/api/answers';
import { Busy } from '../../ui/Busy';
import { Button } from '../../ui/Button';
import { Confirm } from '../../ui/Confirm';
import { CopyButton } from '../../ui/CopyButton';
import { Dialog } from '../../ui/Dialog';
import { ErrorBox } from '../../ui/ErrorBox';
import { Field } from '../../ui/Field';
import { cellText } from '../../core/results/columns';
import { changeQuery, location } from '../../core/router';
import { later } from '../../ui/Later';
import { ShowCalls } from '../../ui/ShowCalls';
import { Tabs } from '../../ui/Tabs';
import { toast, toastError } from '../../ui/Toast';
import { changesOf, editable, imprecise, type Change } from './changes';
import { ConflictView } from './ConflictView';
import { JsonEditor } from './JsonEditor';
import { TreeEditor } from './TreeEditor';
import { words } from './messages';

export interface DocumentDrawerProps {
  collection: CollectionInfo;
  /** The document to show; a new one without it. */
  documentKey?: string;
  /** What a new document starts with. */
  start?: Document;
  onClose(): void;
  onChanged(): void;
  onClone(start: Document): void;
}

const HistoryTab = later('history', async () => (await import('./history/HistoryTab')).HistoryTab);

const pretty = (document: Document) => JSON.stringify(document, null, 2);

/** A document as JSON or as a tree, with what would change before it is saved, and both sides when somebody else was faster. */
export function DocumentDrawer({ collection, documentKey, start, onClose, onChanged, onClone }: DocumentDrawerProps) {
  const isNew = documentKey === undefined;
  const first = isNew && Object.keys(start ?? {}).length === 0 && collection.type === 3 ? { _from: '', _to: '' } : (start ?? {});
  const [stored, setStored] = useState<Document | null>(isNew ? {} : null);
  const [text, setText] = useState(isNew ? pretty(first) : '');
  const [version, setVersion] = useState(0);
  const show = (document: Document) => {
    setText(pretty(document));
    setVersion(before => before + 1);
  };
  const [key, setKey] = useState('');
  const [tab, setTabAlone] = useState((!isNew && location.value.query.get('panel')) || 'edit');
  const setTab = (next: string) => {
    setTabAlone(next);
    if (!isNew) changeQuery({ panel: next === 'edit' ? null : next });
  };
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  // Saving a number that the browser cannot hold would change it, so such a document is only shown.
  const [lost, setLost] = useState<string | null>(null);
  const [theirs, setTheirs] = useState<Document | null>(null);
  const [deleting, setDeleting] = useState(false);
  const path = { collection: collection.name, key: documentKey ?? key };

  useEffect(() => {
    if (isNew) return;
    const stop = new AbortController();
    const read = async () => (await send('readDocument', { path, signal: stop.signal })).text();
    read().then(
      raw => {
        const document = JSON.parse(raw) as Document;
        setLost(imprecise(raw));
        setStored(document);
        show(editable(document));
      },
      (problem: unknown) => stop.signal.aborted || setError(problem),
    );
    return () => stop.abort();
  }, [documentKey]);

  const parsed = useMemo<{ value?: Document; problem?: string }>(() => {
    try {
      const value = JSON.parse(text) as unknown;
      return value !== null && typeof value === 'object' && !Array.isArray(value) ? { value: value as Document } : { problem: words('notObject') };
    } catch (problem) {
      return { problem: words('notJson', { problem: (problem as Error).message }) };
    }
  }, [text]);
  const long = lost ?? imprecise(text);
  const base = useMemo(() => (stored ? editable(stored) : {}), [stored]);
  const changes = parsed.value && stored ? changesOf(base, parsed.value) : [];
  const dirty = isNew ? text !== pretty(first) : changes.length > 0 || (stored !== null && parsed.value === undefined);
  const close = () => {
    if (!dirty || confirm(words('discard'))) onClose();
  };

  const save = async (value = parsed.value, revision = stored?._rev) => {
    if (!value || busy || long !== null) return;
    setBusy(true);
    setError(null);
    try {
      if (isNew) {
        const written = await call('insertDocuments', { path: { collection: collection.name }, body: key ? { ...value, _key: key } : value });
        toast(words('inserted', { key: Array.isArray(written) ? key : written._key }));
        onClose();
      } else {
        const written = await call('replaceDocument', { path, body: value, headers: { 'if-match': `"${String(revision)}"` } });
        setStored({ ...value, _id: stored!._id, _key: stored!._key, _rev: written._rev });
        show(value);
        setTheirs(null);
        setTab('edit');
        toast(words('saved', { key: path.key }));
      }
      onChanged();
    } catch (problem) {
      if (problem instanceof ApiError && problem.status === 412) setTheirs(await call('readDocument', { path }));
      else setError(problem);
    } finally {
      setBusy(false);
    }
  };

  const title = isNew ? words('newDocument', { name: collection.name }) : `${collection.name}/${documentKey}`;
  if (theirs && parsed.value)
    return (
      <ConflictView
        title={words('conflictTitle', { key: path.key })}
        base={base}
        yours={parsed.value}
        theirs={editable(theirs)}
        busy={busy}
        error={error}
        onClose={() => setTheirs(null)}
        onTakeTheirs={() => {
          setStored(theirs);
          show(editable(theirs));
          setTheirs(null);
        }}
        onSave={merged => void save(merged, theirs._rev)}
      />
    );
  return (
    <Dialog
      drawer
      title={title}
      onClose={close}
      actions={
        <>
          {!isNew && stored && (
            <div class="row drawer-left">
              <Button icon="trash" onClick={() => setDeleting(true)}>
                {words('delete')}
              </Button>
              <Button icon="copy" onClick={() => onClone(editable(stored))}>
                {words('clone')}
              </Button>
            </div>
          )}
          <Button kind="primary" disabled={busy || !parsed.value || long !== null || (!isNew && changes.length === 0)} onClick={() => void save()}>
            {words('save')}
          </Button>
        </>
      }
    >
      {error !== null && <ErrorBox error={error} />}
      {stored === null && error === null && <Busy onCancel={onClose} />}
      {stored !== null && (
        <>
          {isNew ? (
            <Field label={words('keyField')} value={key} onValue={setKey} hint={words('keyHint')} autocomplete="off" spellcheck={false} />
          ) : (
            <div class="row">
              <dl class="facts document-facts">
                {['_id', '_rev'].map(name => (
                  <div key={name}>
                    <dt>{name}</dt>
                    <dd class="mono">{String(stored[name])}</dd>
                  </div>
                ))}
              </dl>
              <CopyButton text={() => pretty({ ...stored })}>JSON</CopyButton>
            </div>
          )}
          <Tabs
            label={words('document')}
            selected={tab}
            onSelect={setTab}
            tabs={[
              { id: 'edit', title: words('edit') },
              { id: 'tree', title: words('tree') },
              ...(isNew ? [] : [{ id: 'changes', title: words('changesCount', { count: changes.length }) }, { id: 'history', title: words('history') }]),
            ]}
          />
          <div role="tabpanel" id={`panel-${tab}`} class={tab === 'edit' ? 'document-panel fill' : 'document-panel'}>
            {tab === 'edit' && <JsonEditor label={title} text={text} version={version} onChange={setText} onSave={() => void save()} />}
            {tab === 'tree' && parsed.value && <TreeEditor document={parsed.value} onChange={next => setText(pretty(next))} />}
            {tab === 'changes' && <ChangeTable changes={changes} />}
            {tab === 'history' && <HistoryTab key={String(stored._rev)} collection={collection.name} documentKey={path.key} />}
          </div>
          {long !== null && (
            <p class="notice warn" role="status">
              {words('longNumber', { number: long })}
            </p>
          )}
          {parsed.problem && <p class="hint bad" role="status">{parsed.problem}</p>}
          {parsed.value && (
            <ShowCalls
              c8ql={isNew ? `INSERT ${JSON.stringify(key ? { _key: key, ...parsed.value } : parsed.value)} INTO ${collection.name}` : `REPLACE ${JSON.stringify(path.key)} WITH ${JSON.stringify(parsed.value)} IN ${collection.name}`}
              curl={isNew ? curlOf('insertDocuments', { path: { collection: collection.name }, body: parsed.value }) : curlOf('replaceDocument', { path, body: parsed.value })}
            />
          )}
        </>
      )}
      {deleting && stored && <DeleteDocument collection={collection} stored={stored} onClose={() => setDeleting(false)} onDone={() => { onClose(); onChanged(); }} onChanged={onChanged} />}
    </Dialog>
  );
}

/** What a save would change. */
export function ChangeTable({ changes }: { changes: readonly Change[] }) {
  if (changes.length === 0) return <p class="muted">{words('noChanges')}</p>;
  return (
    <div class="table-scroll">
      <table class="table changes">
        <thead>
          <tr>
            <th scope="col">{words('attribute')}</th>
            <th scope="col">{words('before')}</th>
            <th scope="col">{words('after')}</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(change => (
            <tr key={change.path}>
              <th scope="row">
                <code>{change.path}</code>
              </th>
              <td class="removed">{change.before === undefined ? <em>{words('absentValue')}</em> : <code>− {cellText(change.before)}</code>}</td>
              <td class="added">{change.after === undefined ? <em>{words('absentValue')}</em> : <code>+ {cellText(change.after)}</code>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function DeleteDocument({ collection, stored, onClose, onDone, onChanged }: { collection: CollectionInfo; stored: Document; onClose(): void; onDone(): void; onChanged(): void }) {
  const key = String(stored._key);
  return (
    <Confirm
      title={words('deleteTitle', { key })}
      action={words('delete')}
      onClose={onClose}
      onConfirm={async () => {
        await call('removeDocument', { path: { collection: collection.name, key } });
        toast({
          text: words('deleted', { key }),
          milliseconds: 10_000,
          action: {
            text: words('undo'),
            run: () =>
              void call('insertDocuments', { path: { collection: collection.name }, body: { _key: key, ...editable(stored) } }).then(() => {
                toast(words('restored', { key }));
                onChanged();
              }, toastError),
          },
        });
        onDone();
      }}
    >
      <p>{words('deleteText')}</p>
      <ShowCalls c8ql={`REMOVE ${JSON.stringify(key)} IN ${collection.name}`} curl={curlOf('removeDocument', { path: { collection: collection.name, key } })} />
    </Confirm>
  );
}
