import { useState } from 'preact/hooks';
import type { Document } from '../../../core/api/answers';
import { ApiError, call, curlOf } from '../../../core/api/client';
import type { Conflict } from '../../../core/conflictQuery';
import { cellText } from '../../../core/results/columns';
import { href } from '../../../core/router';
import { ActDialog } from '../../../ui/ActDialog';
import { Busy } from '../../../ui/Busy';
import { Button } from '../../../ui/Button';
import { ErrorBox } from '../../../ui/ErrorBox';
import { ShowCalls } from '../../../ui/ShowCalls';
import { toast } from '../../../ui/Toast';
import { useLoad } from '../../../ui/useLoad';
import { changesOf, editable, isSame, type Change } from '../../collection/changes';
import { rules, words } from './messages';
import { stepsOf, valueAt, withValue } from './writeBack';

/** Both sides of a conflict: what is kept, as the document has it now, and what was lost. */
export function ConflictDetails({ conflict, onChanged }: { conflict: Conflict; onChanged(): void }) {
  const [collection, key] = [conflict.document.slice(0, conflict.document.indexOf('/')), conflict.key];
  const [writing, setWriting] = useState(false);
  const stored = useLoad(signal => readOrNull(collection, key, signal), [conflict.document]);
  if (stored.error !== null) return <ErrorBox error={stored.error} onRetry={stored.reload} />;
  if (stored.value === undefined) return <Busy onCancel={stored.cancel} />;
  const document = stored.value;
  const steps = stepsOf(document ?? {}, conflict.path);
  const kept = document === null || steps === null ? undefined : steps.length === 0 ? editable(document) : valueAt(document, steps);
  const lost = steps?.length === 0 ? editable(conflict.lost as Document) : conflict.lost;
  const isBack = kept !== undefined && isSame(kept, lost);
  const problem = steps === null ? words('inArray') : document === null && steps.length > 0 ? words('gone') : isBack ? words('isBack') : null;
  return (
    <div class="conflict-details">
      <p>{conflict.rule in rules.catalogue.en ? rules(conflict.rule as Parameters<typeof rules>[0]) : conflict.rule}</p>
      <dl class="facts">
        <div>
          <dt>{words('wonBy')}</dt>
          <dd>
            {conflict.winnerRegion} <code>{conflict.winnerRevision}</code>
          </dd>
        </div>
        <div>
          <dt>{words('lostBy')}</dt>
          <dd>
            {conflict.lostRegion} <code>{conflict.lostRevision}</code>
          </dd>
        </div>
      </dl>
      <Difference changes={differences(kept, lost, conflict.path)} />
      {document !== null && document._rev !== conflict.winnerRevision && <p class="hint">{words('changedSince')}</p>}
      {document === null && <p class="hint">{words('noDocument')}</p>}
      <div class="row">
        <a class="button small" href={href(`/collections/${encodeURIComponent(collection)}/documents/${encodeURIComponent(key)}?panel=history`)}>
          {words('open')}
        </a>
        <Button small icon="edit" disabled={problem !== null} title={problem ?? undefined} onClick={() => setWriting(true)}>
          {words('writeBack')}
        </Button>
        {problem && <span class="hint">{problem}</span>}
      </div>
      {writing && steps && (
        <WriteBack
          conflict={conflict}
          collection={collection}
          document={document}
          next={withValue(document ?? {}, steps, conflict.lost)}
          onClose={() => setWriting(false)}
          onWritten={() => {
            stored.reload();
            onChanged();
          }}
        />
      )}
    </div>
  );
}

interface WriteBackProps {
  conflict: Conflict;
  collection: string;
  document: Document | null;
  next: Document;
  onClose(): void;
  onWritten(): void;
}

/** Writes the lost value again, as anybody would: with the revision that was looked at, so that no write since is overwritten unseen. */
function WriteBack({ conflict, collection, document, next, onClose, onWritten }: WriteBackProps) {
  const { key } = conflict;
  const revision = String(document?._rev);
  const write = async () => {
    if (document === null) await call('insertDocuments', { path: { collection }, body: { _key: key, ...next } });
    else await call('replaceDocument', { path: { collection, key }, query: { ignoreRevs: 'false' }, body: { _rev: revision, ...next } });
    toast(words('written', { document: conflict.document }));
    onWritten();
    onClose();
  };
  return (
    <ActDialog title={words('writeBackTitle', { document: conflict.document })} action={words('writeBack')} ready wide onAct={write} onClose={onClose}>
      <p>{words(document === null ? 'writeBackInsert' : 'writeBackText', { document: conflict.document })}</p>
      <Difference changes={changesOf(document ? editable(document) : {}, next)} isWrite />
      <ShowCalls
        c8ql={document === null ? `INSERT ${JSON.stringify({ _key: key, ...next })} INTO \`${collection}\`` : `REPLACE ${JSON.stringify({ _key: key, _rev: revision, ...next })} IN \`${collection}\` OPTIONS { ignoreRevs: false }`}
        curl={document === null ? curlOf('insertDocuments', { path: { collection }, body: { _key: key, ...next } }) : curlOf('replaceDocument', { path: { collection, key }, query: { ignoreRevs: 'false' }, body: { _rev: revision, ...next } })}
      />
    </ActDialog>
  );
}

async function readOrNull(collection: string, key: string, signal: AbortSignal): Promise<Document | null> {
  try {
    return await call('readDocument', { path: { collection, key }, signal });
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

/** Where both sides are objects, attribute by attribute. */
function differences(kept: unknown, lost: unknown, path: string): Change[] {
  const name = path || words('whole');
  const isPlain = (value: unknown): value is Document => value !== null && typeof value === 'object' && !Array.isArray(value);
  return isPlain(kept) && isPlain(lost) ? changesOf(kept, lost, path ? `${path}.` : '') : isSame(kept, lost) ? [] : [{ path: name, before: kept, after: lost }];
}

function Difference({ changes, isWrite }: { changes: readonly Change[]; isWrite?: boolean }) {
  if (changes.length === 0) return <p class="muted">{words('same')}</p>;
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={words('difference')}>
      <table class="table changes">
        <thead>
          <tr>
            <th scope="col">{words('attribute')}</th>
            <th scope="col">{words(isWrite ? 'now' : 'kept')}</th>
            <th scope="col">{words(isWrite ? 'then' : 'lost')}</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(change => (
            <tr key={change.path}>
              <th scope="row">
                <code>{change.path}</code>
              </th>
              <td class={isWrite ? 'removed' : 'added'}>{change.before === undefined ? <em>{words('nothing')}</em> : <code>{cellText(change.before)}</code>}</td>
              <td class={isWrite ? 'added' : 'removed'}>{change.after === undefined ? <em>{words('nothing')}</em> : <code>{cellText(change.after)}</code>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
