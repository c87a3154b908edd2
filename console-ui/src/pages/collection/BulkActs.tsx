import { useEffect, useMemo, useState } from 'preact/hooks';
import { call } from '../../core/api/client';
import { ActDialog } from '../../ui/ActDialog';
import { Busy } from '../../ui/Busy';
import { Confirm } from '../../ui/Confirm';
import { Dialog } from '../../ui/Dialog';
import { ErrorBox } from '../../ui/ErrorBox';
import { Checkbox, Field } from '../../ui/Field';
import { ShowCalls } from '../../ui/ShowCalls';
import { toast } from '../../ui/Toast';
import { countQuery, removeQuery, updateQuery, type Target } from './filters';
import { words } from './messages';

export interface BulkActProps {
  /** The documents that were chosen in the list, or all that fit its filters. */
  target: Target;
  onClose(): void;
  onDone(): void;
}

/** How many documents an act would touch: counted on the server before anything is done. */
function useCount(target: Target): { count: number | null; error: unknown } {
  const [count, setCount] = useState<number | null>(target.keys?.length ?? null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    if (target.keys) return;
    const stop = new AbortController();
    call('runQuery', { body: { query: countQuery(target) }, signal: stop.signal, timeoutMilliseconds: 60_000 }).then(answer => setCount(Number(answer.result[0])), problem => stop.signal.aborted || setError(problem));
    return () => stop.abort();
  }, []);
  return { count, error };
}

function Counting({ title, error, onClose }: { title: string; error: unknown; onClose(): void }) {
  return (
    <Dialog title={title} onClose={onClose}>
      {error !== null ? <ErrorBox error={error} /> : <Busy what={words('counting')} onCancel={onClose} />}
    </Dialog>
  );
}

const run = async (query: string, count: number) => {
  const answer = await call('runQuery', { body: { query }, timeoutMilliseconds: 0 });
  return Number(answer.extra?.stats?.writesExecuted ?? count);
};

const keysShown = (keys: readonly string[]) => keys.slice(0, 12).join(', ') + (keys.length > 12 ? ' …' : '');

/** Removes documents; those that only a filter names go when the collection's name is typed. */
export function RemoveDocuments({ target, onClose, onDone }: BulkActProps) {
  const { count, error } = useCount(target);
  const { collection: name } = target.listing;
  if (count === null) return <Counting title={words('deleteFitting')} error={error} onClose={onClose} />;
  const query = removeQuery(target);
  return (
    <Confirm
      title={words('deleteFittingTitle', { count })}
      action={words('delete')}
      typeName={target.keys ? undefined : name}
      onClose={onClose}
      onConfirm={async () => {
        toast(words('deletedMany', { count: await run(query, count) }));
        onDone();
      }}
    >
      {target.keys ? <p class="mono">{keysShown(target.keys)}</p> : <p>{words('deleteFittingText', { count, name })}</p>}
      <ShowCalls c8ql={query} />
    </Confirm>
  );
}

/** Sets an attribute of many documents, or takes it away. */
export function ChangeDocuments({ target, fields, onClose, onDone }: BulkActProps & { fields: readonly string[] }) {
  const { count, error } = useCount(target);
  const [field, setField] = useState('');
  const [value, setValue] = useState('');
  const [isRemoved, setRemoved] = useState(false);
  const name = field.trim();
  const refused = /^_(key|id|rev)$/.test(name) ? words('fieldOfServer', { field: name }) : undefined;
  const query = useMemo(() => (name ? updateQuery(target, { field: name, value: isRemoved ? undefined : value }) : ''), [target, name, value, isRemoved]);
  if (count === null) return <Counting title={words('changeFitting')} error={error} onClose={onClose} />;
  const change = async () => {
    toast(words('changedMany', { count: await run(query, count) }));
    onDone();
    onClose();
  };
  return (
    <ActDialog title={words('changeTitle', { count })} action={words('changeAction', { count })} ready={name !== '' && refused === undefined} onAct={change} onClose={onClose}>
      {target.keys ? <p class="mono">{keysShown(target.keys)}</p> : <p>{words('changeFittingText', { count, name: target.listing.collection })}</p>}
      <Field label={words('changeField')} value={field} onValue={setField} error={refused} hint={words('changeFieldHint')} list="bulk-fields" data-first autocomplete="off" spellcheck={false} />
      <datalist id="bulk-fields">
        {fields.filter(one => !one.startsWith('_')).map(one => (
          <option key={one} value={one} />
        ))}
      </datalist>
      {!isRemoved && <Field label={words('changeValue')} value={value} onValue={setValue} hint={words('changeValueHint')} autocomplete="off" spellcheck={false} />}
      <Checkbox label={words('changeRemove')} checked={isRemoved} onValue={setRemoved} />
      {query && <ShowCalls c8ql={query} />}
    </ActDialog>
  );
}
