import { useState } from 'preact/hooks';
import { ApiError, call } from '../../core/api/client';
import { bindNamesOf } from '../../core/c8ql/tree';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { ErrorBox } from '../../ui/ErrorBox';
import { Checkbox, Field } from '../../ui/Field';
import { toast } from '../../ui/Toast';
import { useAct } from '../../ui/useAct';
import { EndpointToast } from '../queries/Endpoint';
import { type Binds, entryFor, valueOf } from './binds';
import { words } from './messages';
import type { SavedOrigin } from './tabs';

const NAME = /^[A-Za-z][\w-]*(\/[\w-]+)*$/;
const NAME_MAX = 64;
const TOAST_MILLISECONDS = 45_000;

/** Takes the word of the last saving away, so that the newest is the only one. */
let closeLast = (): void => undefined;

export interface SaveDialogProps {
  text: string;
  binds: Binds;
  /** The saved query that was opened. */
  saved?: SavedOrigin;
  onSaved(saved: SavedOrigin): void;
  onClose(): void;
}

/** Saves a query as an endpoint of its own. */
export function SaveDialog({ text, binds, saved, onSaved, onClose }: SaveDialogProps) {
  const names = bindNamesOf(text);
  const [name, setName] = useState(saved?.name ?? '');
  const [description, setDescription] = useState(saved?.description ?? '');
  const [defaults, setDefaults] = useState<Record<string, boolean>>(() => Object.fromEntries((saved?.defaults ?? []).map(one => [one, true])));
  const { busy, error, run, forget } = useAct();
  const isTaken = error instanceof ApiError && error.status === 409;
  const isBad = name !== '' && (!NAME.test(name) || name.length > NAME_MAX);
  const save = async (replace: boolean) => {
    if (!NAME.test(name)) return;
    const parameter = Object.fromEntries(names.filter(one => defaults[one.name]).map(one => [one.name, valueOf(entryFor(one.name, one.isCollection, binds)) ?? null]));
    const query = { name, value: text, parameter, ...(description || saved?.description ? { description } : {}) };
    await run(async () => {
      if (replace) await call('updateRestql', { path: { name }, body: { query } });
      else await call('saveRestql', { body: { query } });
      closeLast();
      const bindVars = Object.fromEntries(names.map(one => [one.name, valueOf(entryFor(one.name, one.isCollection, binds)) ?? null]));
      closeLast = toast({ text: <EndpointToast name={name} bindVars={bindVars} />, milliseconds: TOAST_MILLISECONDS });
      onSaved({ name, description: description || undefined, defaults: Object.keys(parameter) });
      onClose();
    });
  };
  const isOwn = saved?.name === name;
  return (
    <Dialog
      title={words('saveAs')}
      onClose={onClose}
      onSubmit={() => void save(isOwn || isTaken)}
      actions={
        <>
          <Button onClick={onClose}>{words('cancel')}</Button>
          <Button kind="primary" type="submit" disabled={busy || !NAME.test(name)}>
            {isTaken || isOwn ? words('replace') : words('save')}
          </Button>
        </>
      }
    >
      <Field
        label={words('name')}
        value={name}
        onValue={value => {
          setName(value);
          forget();
        }}
        data-first
        autocomplete="off"
        spellcheck={false}
        maxLength={NAME_MAX}
        placeholder="showAddresses"
        hint={words('nameHint')}
        error={isBad ? words('nameBad') : undefined}
      />
      <Field label={words('description')} value={description} onValue={setDescription} />
      {names.length > 0 && (
        <fieldset class="save-parameters">
          <legend>{words('parameters')}</legend>
          {names.map(one => {
            const value = valueOf(entryFor(one.name, one.isCollection, binds));
            return (
              <div key={one.name} class="row">
                <code>@{one.name}</code>
                <Checkbox
                  label={defaults[one.name] ? words('hasDefault', { value: JSON.stringify(value ?? null) }) : words('callerGives')}
                  checked={defaults[one.name] ?? false}
                  onValue={checked => setDefaults({ ...defaults, [one.name]: checked })}
                />
              </div>
            );
          })}
          <p class="hint">{words('defaultsHint')}</p>
        </fieldset>
      )}
      {isTaken ? <p class="notice warn">{words('nameTaken', { name })}</p> : error !== null && <ErrorBox error={error} />}
    </Dialog>
  );
}
