import { useState } from 'preact/hooks';
import type { SavedQuery } from '../../core/api/answers';
import { call } from '../../core/api/client';
import { errorText } from '../../core/api/errorText';
import { formatDuration, formatTime } from '../../core/messages';
import { navigate } from '../../core/router';
import { Button } from '../../ui/Button';
import { Confirm } from '../../ui/Confirm';
import { copyText } from '../../ui/CopyButton';
import { Dialog } from '../../ui/Dialog';
import { ErrorBox } from '../../ui/ErrorBox';
import { Field } from '../../ui/Field';
import { Menu } from '../../ui/Menu';
import { toast } from '../../ui/Toast';
import { BindPane } from '../query/BindPane';
import { type Binds, bindVarsOf, entriesOf } from '../query/binds';
import { type ResultViewName, Results } from '../query/Results';
import { cancel, forget, loadMore, runs, start } from '../query/runs';
import { handedOver } from '../query/tabs';
import { CopyAs, endpointOf } from './Endpoint';
import { words } from './messages';
import { QueryText } from './QueryText';
import { ownerOf, type Parameter, parametersOf } from './saved';
import { endpointUrl } from './snippets';

const ROWS = 1000;
const TEXT_MAX = 400;

/** A saved query: what it is, ▶ Play in place, and its endpoint. */
export function SavedQueryCard({ query, onChanged }: { query: SavedQuery; onChanged(): void }) {
  const [view, setView] = useState<ResultViewName>('table');
  const [open, setOpen] = useState<'values' | 'duplicate' | 'remove' | null>(null);
  const [binds, setBinds] = useState<Binds>(() => entriesOf(query.parameter ?? {}));
  const parameters = parametersOf(query);
  const key = `saved:${query.name}`;
  const run = runs.value.get(key);
  const call = endpointOf(query.name, Object.fromEntries(parameters.map(one => [one.name, one.byDefault ?? null])));

  const play = () => (parameters.length > 0 ? setOpen('values') : void start(key, 'execute', query.value, {}, ROWS, query.name));
  const playWith = () => {
    const { bindVars, invalid } = bindVarsOf(parameters, binds);
    if (invalid.length > 0) return;
    setOpen(null);
    void start(key, 'execute', query.value, bindVars, ROWS, query.name);
  };
  const edit = () => {
    handedOver.value = {
      text: query.value,
      saved: { name: query.name, description: query.description, defaults: Object.keys(query.parameter ?? {}) },
      binds: entriesOf(query.parameter ?? {}),
    };
    navigate('/query');
  };

  return (
    <li class="saved-query">
      <div class="saved-query-head">
        <Button kind="primary" icon="play" onClick={play}>
          {words('play')}
        </Button>
        <div class="saved-query-title">
          <h3>{query.name.slice(query.name.lastIndexOf('/') + 1)}</h3>
          <span class="hint">{[ownerOf(query) && words('owner', { name: ownerOf(query) }), query.changed && words('changed', { time: formatTime(query.changed) })].filter(Boolean).join(' · ')}</span>
        </div>
        <div class="row spread">
          <CopyAs call={call} alignRight />
          <Button small icon="edit" onClick={edit}>
            {words('edit')}
          </Button>
          <Menu
            small
            alignRight
            kind="quiet"
            icon="more"
            label={words('more')}
            button={null}
            items={[
              { text: words('copyUrl'), icon: 'link', run: () => void copyText(endpointUrl(call)) },
              { text: words('duplicate'), icon: 'copy', run: () => setOpen('duplicate') },
              null,
              { text: words('remove'), icon: 'trash', danger: true, run: () => setOpen('remove') },
            ]}
          />
        </div>
      </div>
      {query.description && <p>{query.description}</p>}
      <QueryText text={query.value} lengthMax={TEXT_MAX} />
      <div class="saved-query-foot">
        {parameters.map(one => (
          <ParameterBadge key={one.name} parameter={one} />
        ))}
        <code class="saved-query-url" title={words('endpoint')}>
          POST {endpointUrl(call)}
        </code>
        {query.runs && query.runs.calls > 0 && <span class="hint numbers">{words('calls', { count: query.runs.calls, time: formatDuration(query.runs.averageMilliseconds ?? 0) })}</span>}
      </div>
      {query.runs?.lastError && <p class="hint bad">{words('lastError', { time: formatTime(query.runs.lastError.at), message: errorText(query.runs.lastError.errorMessage) })}</p>}
      {run && (
        <section class="saved-query-result" aria-label={words('resultOf', { name: query.name })}>
          <Results run={run} view={view} onView={setView} onCancel={() => void cancel(key)} onMore={() => void loadMore(key)} onAgain={play} fileName={query.name} />
          <Button kind="quiet" small icon="close" class="saved-query-close" label={words('closeResult')} onClick={() => forget(key)} />
        </section>
      )}
      {open === 'values' && <Values name={query.name} parameters={parameters} binds={binds} onBinds={setBinds} onRun={playWith} onClose={() => setOpen(null)} />}
      {open === 'duplicate' && <Duplicate query={query} onDone={onChanged} onClose={() => setOpen(null)} />}
      {open === 'remove' && <Remove name={query.name} onDone={onChanged} onClose={() => setOpen(null)} />}
    </li>
  );
}

function ParameterBadge({ parameter }: { parameter: Parameter }) {
  const byDefault = parameter.byDefault;
  return (
    <span class={byDefault === undefined ? 'badge accent' : 'badge'}>
      <code>@{parameter.name}</code> {byDefault === undefined ? words('required') : words('byDefault', { value: JSON.stringify(byDefault) })}
    </span>
  );
}

function Values({ name, parameters, binds, onBinds, onRun, onClose }: { name: string; parameters: Parameter[]; binds: Binds; onBinds(binds: Binds): void; onRun(): void; onClose(): void }) {
  return (
    <Dialog
      title={words('playTitle', { name })}
      onClose={onClose}
      onSubmit={onRun}
      actions={
        <>
          <Button onClick={onClose}>{words('cancel')}</Button>
          <Button kind="primary" type="submit" icon="play" disabled={bindVarsOf(parameters, binds).invalid.length > 0}>
            {words('run')}
          </Button>
        </>
      }
    >
      <BindPane names={parameters} entries={binds} onChange={(bind, entry) => onBinds({ ...binds, [bind]: entry })} />
    </Dialog>
  );
}

function Duplicate({ query, onDone, onClose }: { query: SavedQuery; onDone(): void; onClose(): void }) {
  const [name, setName] = useState(`${query.name}-copy`);
  const [error, setError] = useState<unknown>(null);
  const create = async () => {
    setError(null);
    try {
      await call('saveRestql', { body: { query: { name, value: query.value, parameter: query.parameter ?? {}, ...(query.description ? { description: query.description } : {}) } } });
      onDone();
      onClose();
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <Dialog
      title={words('duplicate')}
      onClose={onClose}
      onSubmit={() => void create()}
      actions={
        <>
          <Button onClick={onClose}>{words('cancel')}</Button>
          <Button kind="primary" type="submit">
            {words('create')}
          </Button>
        </>
      }
    >
      <Field label={words('copyName')} value={name} onValue={setName} data-first autocomplete="off" spellcheck={false} />
      {error !== null && <ErrorBox error={error} />}
    </Dialog>
  );
}

function Remove({ name, onDone, onClose }: { name: string; onDone(): void; onClose(): void }) {
  return (
    <Confirm
      title={words('removeTitle', { name })}
      action={words('remove')}
      onClose={onClose}
      onConfirm={async () => {
        await call('deleteRestql', { path: { name } });
        forget(`saved:${name}`);
        toast(words('removed', { name }));
        onDone();
      }}
    >
      <p>{words('removeText')}</p>
    </Confirm>
  );
}
