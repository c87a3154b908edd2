import { useState } from 'preact/hooks';
import { call, curlOf } from '../../core/api/client';
import type { CollectionInfo } from '../../core/api/answers';
import { Button } from '../../ui/Button';
import { ErrorBox } from '../../ui/ErrorBox';
import { Checkbox, Field, Select } from '../../ui/Field';
import { ShowCalls } from '../../ui/ShowCalls';
import { toast } from '../../ui/Toast';
import { useAct } from '../../ui/useAct';
import { words } from './messages';

const kinds = ['counter', 'set', 'list', 'max', 'min', 'whole', 'infer'] as const;
const levels = ['', 'eventual', 'causal', 'session', 'bounded', 'strong'] as const;

const kindText = (kind: string) => words(`merge_${kind as (typeof kinds)[number]}`);
const levelText = (level: (typeof levels)[number]) => words(`consistency_${level || 'fabric'}` as 'consistency_fabric');

/** How fields of documents merge that regions change at the same time, and what readers may rely on. */
export function MergeSettings({ collection, onChanged }: { collection: CollectionInfo; onChanged(): void }) {
  const [fields, setFields] = useState(() => Object.entries((collection.crdt ?? {}) as Record<string, string>));
  const [keepsConflicts, setKeepsConflicts] = useState(collection.conflicts !== 'off');
  const known = String(collection.consistency ?? '');
  const [level, setLevel] = useState(known.replace(/\(.*/, ''));
  const [milliseconds, setMilliseconds] = useState(/\((\d+)\)/.exec(known)?.[1] ?? '1000');
  const { busy, error, run } = useAct();
  const consistency = level === 'bounded' ? `bounded(${milliseconds})` : level;
  const crdt = Object.fromEntries(fields.map(([path, kind]) => [path.trim(), kind]));
  const body = {
    ...(JSON.stringify(crdt) !== JSON.stringify(collection.crdt ?? {}) && { crdt }),
    ...(keepsConflicts !== (collection.conflicts !== 'off') && { conflicts: keepsConflicts ? 'losers' : 'off' }),
    ...(consistency !== known && { consistency }),
  };
  const input = { path: { collection: collection.name }, body };
  const isWhole = fields.every(([path]) => path.trim() !== '') && Object.keys(crdt).length === fields.length;
  const isChanged = Object.keys(body).length > 0;
  const change = (index: number, entry: [path: string, kind: string]) => setFields(fields.map((one, i) => (i === index ? entry : one)));
  const save = async () => {
    await call('changeCollectionProperties', input);
    toast(words('changed'));
    onChanged();
  };
  return (
    <section class="card stack">
      <h2>{words('merging')}</h2>
      <p class="hint">{words('mergingHint')}</p>
      {fields.map(([path, kind], index) => (
        <div key={index} class="row merge-field">
          <Field label={words('changeField')} value={path} onValue={next => change(index, [next, kind])} autocomplete="off" spellcheck={false} />
          <Select label={words('mergeKind')} value={kind} onValue={next => change(index, [path, next])} options={kinds.map(one => [one, kindText(one)] as const)} />
          <Button small icon="close" onClick={() => setFields(fields.filter((_, i) => i !== index))}>
            {words('removeMergeField')}
          </Button>
        </div>
      ))}
      <div>
        <Button small icon="plus" onClick={() => setFields([...fields, ['', 'counter']])}>
          {words('addMergeField')}
        </Button>
      </div>
      <Checkbox label={words('keepConflicts')} checked={keepsConflicts} onValue={setKeepsConflicts} />
      <Select
        label={words('readersRelyOn')}
        value={level}
        onValue={setLevel}
        options={levels.filter(one => (one !== '' || known === '') && (one !== 'strong' || collection.isSpot)).map(one => [one, levelText(one)] as const)}
      />
      {level === 'bounded' && <Field label={words('staleness')} type="number" min="1" value={milliseconds} onValue={setMilliseconds} />}
      {error !== null && <ErrorBox error={error} />}
      <div>
        <Button kind="primary" disabled={!isChanged || !isWhole || busy} onClick={() => void run(save)}>
          {words('saveSettings')}
        </Button>
      </div>
      {isChanged && <ShowCalls curl={curlOf('changeCollectionProperties', input)} />}
    </section>
  );
}
