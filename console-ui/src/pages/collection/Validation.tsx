import { useState } from 'preact/hooks';
import { call, curlOf } from '../../core/api/client';
import type { CollectionInfo } from '../../core/api/answers';
import { href } from '../../core/router';
import { ActDialog } from '../../ui/ActDialog';
import { Busy } from '../../ui/Busy';
import { Button } from '../../ui/Button';
import { ErrorBox } from '../../ui/ErrorBox';
import { Field, Select } from '../../ui/Field';
import { ShowCalls } from '../../ui/ShowCalls';
import { toast } from '../../ui/Toast';
import { useLoad } from '../../ui/useLoad';
import { pathOf } from './CollectionPage';
import { collectionName } from './filters';
import { JsonEditor } from './JsonEditor';
import { words } from './messages';
import { proposedRule, type SampledField } from './schemaRule';

interface Schema {
  rule: unknown;
  level: string;
  message: string;
}

const levels = ['strict', 'moderate', 'new', 'none'] as const;
const VIOLATIONS_MAX = 20;
const levelText = (level: string) => words(`level_${level as (typeof levels)[number]}`);

/** The schema that writes are held to, and how to change it. */
export function Validation({ collection, sample, onChanged }: { collection: CollectionInfo; sample: { fields: readonly SampledField[]; sampled: number }; onChanged(): void }) {
  const schema = collection.schema as Schema | undefined;
  const [isOpen, setOpen] = useState(false);
  return (
    <div class="validation row">
      <span class={schema && schema.level !== 'none' ? 'badge accent' : 'badge'}>{schema ? levelText(schema.level) : words('noSchema')}</span>
      <Button small icon="edit" onClick={() => setOpen(true)}>
        {words('editSchema')}
      </Button>
      {isOpen && <EditSchema name={collection.name} schema={schema} sample={sample} onClose={() => setOpen(false)} onDone={onChanged} />}
    </div>
  );
}

function EditSchema({ name, schema, sample, onClose, onDone }: { name: string; schema: Schema | undefined; sample: { fields: readonly SampledField[]; sampled: number }; onClose(): void; onDone(): void }) {
  const [text, setText] = useState(() => JSON.stringify(schema?.rule ?? { properties: {}, required: [] }, null, 2));
  const [version, setVersion] = useState(0);
  const [level, setLevel] = useState(schema?.level ?? 'strict');
  const [message, setMessage] = useState(schema?.message ?? '');
  const [checked, setChecked] = useState<unknown>(null);
  const rule = parsed(text);
  const change = { path: { collection: name }, body: { schema: { rule: rule.value, level, ...(message && { message }) } } };
  const replace = (next: unknown) => {
    setText(JSON.stringify(next, null, 2));
    setVersion(version + 1);
  };
  const save = async (body: object, said: string) => {
    await call('changeCollectionProperties', { path: { collection: name }, body });
    toast(said);
    onDone();
    onClose();
  };
  return (
    <ActDialog title={words('schemaOf', { name })} action={words('saveSchema')} wide ready={rule.problem === null} onAct={() => save(change.body, words('schemaSaved'))} onClose={onClose}>
      <p class="hint">{words('schemaHint')}</p>
      <div class="row">
        <Button small disabled={sample.sampled === 0} onClick={() => replace(proposedRule(sample.fields, sample.sampled))}>
          {words('proposeSchema')}
        </Button>
        <Button small disabled={rule.problem !== null} onClick={() => setChecked(rule.value)}>
          {words('checkDocuments')}
        </Button>
        {schema && (
          <Button small onClick={() => void save({ schema: null }, words('schemaRemoved'))}>
            {words('removeSchema')}
          </Button>
        )}
      </div>
      <JsonEditor label={words('rule')} text={text} version={version} onChange={setText} />
      {rule.problem && (
        <p class="hint bad" role="alert">
          {rule.problem}
        </p>
      )}
      <Select label={words('schemaLevel')} value={level} onValue={setLevel} options={levels.map(one => [one, levelText(one)] as const)} />
      <Field label={words('schemaMessage')} value={message} onValue={setMessage} hint={words('schemaMessageHint')} />
      {checked !== null && <Violations key={JSON.stringify(checked)} name={name} rule={checked} onCancel={() => setChecked(null)} />}
      <ShowCalls c8ql={violations(name)} curl={curlOf('changeCollectionProperties', change)} />
    </ActDialog>
  );
}

function parsed(text: string): { value: unknown; problem: string | null } {
  try {
    return { value: JSON.parse(text), problem: null };
  } catch (error) {
    return { value: null, problem: String((error as Error).message) };
  }
}

const violations = (name: string) =>
  `FOR d IN ${collectionName(name)}\n  LET found = SCHEMA_VALIDATE(d, { rule: @rule })\n  FILTER !found.valid\n  LIMIT ${VIOLATIONS_MAX}\n  RETURN [d._key, found.errorMessage]`;

/** The first documents that would not meet it; how many there are is not counted. */
function Violations({ name, rule, onCancel }: { name: string; rule: unknown; onCancel(): void }) {
  const found = useLoad(
    signal => call('runQuery', { body: { query: violations(name), bindVars: { rule }, batchSize: VIOLATIONS_MAX }, signal, timeoutMilliseconds: 0 }).then(answer => answer.result as unknown as [key: string, error: string][]),
    [name],
  );
  if (found.error) return <ErrorBox error={found.error} onRetry={found.reload} />;
  if (!found.value) return <Busy what={words('checkingDocuments')} onCancel={onCancel} />;
  if (found.value.length === 0) return <p role="status">{words('allMeet')}</p>;
  return (
    <div role="status">
      <p>{found.value.length < VIOLATIONS_MAX ? words('someViolate', { count: found.value.length }) : words('manyViolate', { count: VIOLATIONS_MAX })}</p>
      <ul class="violations">
        {found.value.map(([key, error]) => (
          <li key={key}>
            <a href={href(pathOf(name, 'documents', key))}>{key}</a> <span class="muted">{error}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
