import { useState } from 'preact/hooks';
import type { CollectionInfo } from '../../core/api/answers';
import { call, curlOf } from '../../core/api/client';
import { Busy } from '../../ui/Busy';
import { Button } from '../../ui/Button';
import { CodeBlock } from '../../ui/CopyButton';
import { Dialog } from '../../ui/Dialog';
import { ErrorBox } from '../../ui/ErrorBox';
import { Checkbox, Field, Select } from '../../ui/Field';
import { ShowCalls } from '../../ui/ShowCalls';
import { toast } from '../../ui/Toast';
import { useLoad } from '../../ui/useLoad';
import { words as common } from '../../ui/messages';
import { attribute, collectionName } from './filters';
import { words } from './messages';

interface Settings {
  metric: keyof typeof metrics;
  prefix: string[];
}

interface IndexType {
  text: Parameters<typeof words>[0];
  unique?: true;
  /** The query it helps, for its fields. */
  example(collection: string, fields: string[], settings: Settings): string;
}

const head = (collection: string) => `FOR d IN ${collectionName(collection)}`;
const named = (field: string) => field.replace(/\W/g, '_');
const equal = (fields: string[]) => fields.map(field => `${attribute('d', field)} == @${named(field)}`).join(' AND ');

const range = (fields: string[]) => fields.map(field => `${attribute('d', field)} >= @${named(field)}From AND ${attribute('d', field)} <= @${named(field)}To`).join('\n    AND ');

/** How near two vectors are, with what a query sorts by; of the straight distance the smallest are nearest. */
const metrics = { cosine: 'APPROX_NEAR_COSINE', innerProduct: 'APPROX_NEAR_INNER_PRODUCT', l2: 'APPROX_NEAR_L2' } as const;

/** Every type the server has; the two old names stand last. */
const types: Record<string, IndexType> = {
  persistent: { text: 'persistentText', unique: true, example: (collection, fields) => `${head(collection)}\n  FILTER ${equal(fields)}\n  RETURN d` },
  geo: { text: 'geoText', example: (collection, [field]) => `${head(collection)}\n  FILTER GEO_DISTANCE([@longitude, @latitude], ${attribute('d', field)}) < 1000\n  RETURN d` },
  ttl: { text: 'ttlText', example: (collection, [field]) => `${head(collection)}\n  FILTER ${attribute('d', field)} < DATE_NOW() / 1000\n  RETURN d` },
  fulltext: { text: 'fulltextText', example: (collection, [field]) => `FOR d IN FULLTEXT(${collectionName(collection)}, ${JSON.stringify(field)}, "word")\n  RETURN d` },
  inverted: { text: 'invertedText', example: (collection, [field]) => `${head(collection)}\n  FILTER ${attribute('d', field)} == @value\n  RETURN d` },
  mdi: { text: 'mdiText', unique: true, example: (collection, fields) => `${head(collection)}\n  FILTER ${range(fields)}\n  RETURN d` },
  'mdi-prefixed': { text: 'mdiPrefixedText', unique: true, example: (collection, fields, { prefix }) => `${head(collection)}\n  FILTER ${equal(prefix)}\n    AND ${range(fields)}\n  RETURN d` },
  vector: { text: 'vectorText', example: (collection, [field], { metric }) => `${head(collection)}\n  SORT ${metrics[metric]}(${attribute('d', field)}, @vector)${metric === 'l2' ? '' : ' DESC'}\n  LIMIT 10\n  RETURN d` },
  hash: { text: 'hashText', unique: true, example: (collection, fields) => `${head(collection)}\n  FILTER ${equal(fields)}\n  RETURN d` },
  skiplist: { text: 'skiplistText', unique: true, example: (collection, [field]) => `${head(collection)}\n  FILTER ${attribute('d', field)} >= @from\n  RETURN d` },
};

const namesIn = (text: string) => text.split(',').map(name => name.trim()).filter(Boolean);

/** Asks for an index, shows the query it would help, and waits until it is built. */
export function AddIndex({ collection: { name: collection, isLocal }, fields: wanted, onClose, onDone }: { collection: CollectionInfo; fields: string; onClose(): void; onDone(): void }) {
  const [type, setType] = useState('persistent');
  const [fields, setFields] = useState(wanted);
  const [name, setName] = useState('');
  const [isUnique, setUnique] = useState(false);
  const [isSparse, setSparse] = useState(false);
  const [geoJson, setGeoJson] = useState(true);
  const [expireAfter, setExpireAfter] = useState('0');
  const [minLength, setMinLength] = useState('2');
  const [analyzer, setAnalyzer] = useState('text_en');
  const [prefix, setPrefix] = useState('');
  const [metric, setMetric] = useState<Settings['metric']>('cosine');
  const [dimension, setDimension] = useState('384');
  const [lists, setLists] = useState('100');
  const [probes, setProbes] = useState('5');
  const [stop, setStop] = useState<AbortController | null>(null);
  const [error, setError] = useState<unknown>(null);
  const analyzers = useLoad(signal => call('listAnalyzers', { signal }).then(answer => answer.result.map(one => one.name)), []);
  const list = namesIn(fields);
  const prefixes = namesIn(prefix);
  const chosen = types[type];
  const body = {
    type,
    fields: list,
    ...(name && { name }),
    ...(chosen.unique && { unique: isUnique, sparse: isSparse }),
    ...(type === 'geo' && { geoJson }),
    ...(type === 'ttl' && { expireAfter: Number(expireAfter) || 0 }),
    ...(type === 'fulltext' && { minLength: Number(minLength) || 2 }),
    ...(type === 'inverted' && { analyzer }),
    ...(type.startsWith('mdi') && { fieldValueTypes: 'double' }),
    ...(type === 'mdi-prefixed' && { prefixFields: prefixes }),
    ...(type === 'vector' && { params: { metric, dimension: Number(dimension), nLists: Number(lists), defaultNProbe: Number(probes) } }),
  };
  const isComplete = list.length > 0 && (type !== 'mdi-prefixed' || prefixes.length > 0);
  const input = { query: { collection }, body };
  const submit = async () => {
    const mine = new AbortController();
    setStop(mine);
    setError(null);
    try {
      const made = await call('createIndex', { ...input, signal: mine.signal, timeoutMilliseconds: 0 });
      toast(words('indexMade', { name: made.name }));
      onDone();
      onClose();
    } catch (problem) {
      if (!mine.signal.aborted) setError(problem);
      setStop(null);
    }
  };
  return (
    <Dialog
      wide
      title={words('addIndex')}
      onClose={onClose}
      onSubmit={() => void submit()}
      actions={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button kind="primary" type="submit" disabled={!isComplete || stop !== null}>
            {words('save')}
          </Button>
        </>
      }
    >
      <Select label={words('indexType')} value={type} onValue={setType} options={Object.keys(types).map(one => [one, `${one} – ${words(types[one].text)}`] as const)} />
      <Field label={words('indexFields')} value={fields} onValue={setFields} hint={words('indexFieldsHint')} data-first required autocomplete="off" spellcheck={false} />
      <Field label={words('indexName')} value={name} onValue={setName} hint={words('indexNameHint')} autocomplete="off" spellcheck={false} />
      {chosen.unique && (
        <div class="stack">
          <Checkbox label={words('unique')} checked={isUnique} disabled={!isLocal} onValue={setUnique} />
          {!isLocal && <p class="hint">{words('uniqueHint')}</p>}
          <Checkbox label={words('sparse')} checked={isSparse} onValue={setSparse} />
        </div>
      )}
      {type === 'geo' && <Checkbox label={words('geoJson')} checked={geoJson} onValue={setGeoJson} />}
      {type === 'ttl' && <Field label={words('expireAfter')} type="number" value={expireAfter} onValue={setExpireAfter} min={0} />}
      {type === 'fulltext' && <Field label={words('minLength')} type="number" value={minLength} onValue={setMinLength} min={1} max={100} />}
      {type === 'inverted' && <Select label={words('analyzer')} value={analyzer} onValue={setAnalyzer} options={(analyzers.value ?? [analyzer]).map(one => [one, one] as const)} />}
      {type === 'mdi-prefixed' && <Field label={words('prefixFields')} value={prefix} onValue={setPrefix} hint={words('prefixFieldsHint')} required autocomplete="off" spellcheck={false} />}
      {type === 'vector' && (
        <>
          <Select label={words('metric')} value={metric} onValue={value => setMetric(value as Settings['metric'])} options={(Object.keys(metrics) as Settings['metric'][]).map(one => [one, words(one)] as const)} />
          <Field label={words('dimension')} type="number" value={dimension} onValue={setDimension} min={1} />
          <Field label={words('nLists')} type="number" value={lists} onValue={setLists} hint={words('nListsHint')} min={1} />
          <Field label={words('nProbe')} type="number" value={probes} onValue={setProbes} hint={words('nProbeHint')} min={1} />
        </>
      )}
      {isComplete && <CodeBlock label={words('helps')} text={chosen.example(collection, list, { metric, prefix: prefixes })} />}
      {stop && <Busy what={words('building')} onCancel={() => stop.abort()} />}
      {error !== null && <ErrorBox error={error} />}
      <ShowCalls curl={curlOf('createIndex', input)} />
    </Dialog>
  );
}
