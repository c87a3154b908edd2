import { useState } from 'preact/hooks';
import { call, curlOf } from '../../core/api/client';
import type { IndexInfo } from '../../core/api/answers';
import { formatBytes, formatNumber, formatTime } from '../../core/messages';
import { location } from '../../core/router';
import { Busy } from '../../ui/Busy';
import { Button } from '../../ui/Button';
import { Confirm } from '../../ui/Confirm';
import { CodeBlock } from '../../ui/CopyButton';
import { Dialog } from '../../ui/Dialog';
import { ErrorBox } from '../../ui/ErrorBox';
import { Checkbox, Field, Select } from '../../ui/Field';
import { ShowCalls } from '../../ui/ShowCalls';
import { toast } from '../../ui/Toast';
import { useLoad } from '../../ui/useLoad';
import { words as common } from '../../ui/messages';
import type { TabProps } from './CollectionPage';
import { attribute, collectionName } from './filters';
import { words } from './messages';

interface IndexType {
  text: Parameters<typeof words>[0];
  unique?: true;
  /** The query it helps, for its fields. */
  example(collection: string, fields: string[]): string;
}

const head = (collection: string) => `FOR d IN ${collectionName(collection)}`;
const equal = (fields: string[]) => fields.map(field => `${attribute('d', field)} == @${field.replace(/\W/g, '_')}`).join(' AND ');

/** Every type the server has; the two old names stand last. */
const types: Record<string, IndexType> = {
  persistent: { text: 'persistentText', unique: true, example: (collection, fields) => `${head(collection)}\n  FILTER ${equal(fields)}\n  RETURN d` },
  geo: { text: 'geoText', example: (collection, [field]) => `${head(collection)}\n  FILTER GEO_DISTANCE([@longitude, @latitude], ${attribute('d', field)}) < 1000\n  RETURN d` },
  ttl: { text: 'ttlText', example: (collection, [field]) => `${head(collection)}\n  FILTER ${attribute('d', field)} < DATE_NOW() / 1000\n  RETURN d` },
  fulltext: { text: 'fulltextText', example: (collection, [field]) => `FOR d IN FULLTEXT(${collectionName(collection)}, ${JSON.stringify(field)}, "word")\n  RETURN d` },
  inverted: { text: 'invertedText', example: (collection, [field]) => `${head(collection)}\n  FILTER ${attribute('d', field)} == @value\n  RETURN d` },
  hash: { text: 'hashText', unique: true, example: (collection, fields) => `${head(collection)}\n  FILTER ${equal(fields)}\n  RETURN d` },
  skiplist: { text: 'skiplistText', unique: true, example: (collection, [field]) => `${head(collection)}\n  FILTER ${attribute('d', field)} >= @from\n  RETURN d` },
};

interface IndexFigures {
  entries?: number | null;
  size?: number | null;
  selectivity?: number | null;
  hits?: number;
  lastUsed?: string | null;
}

const fieldsOf = (index: IndexInfo) => index.fields.map(field => (typeof field === 'string' ? field : field.name)).join(', ');
const figuresOf = (index: IndexInfo) => (index.figures ?? {}) as IndexFigures;

export function IndexesTab({ collection: { name } }: TabProps) {
  const indexes = useLoad(signal => call('listIndexes', { query: { collection: name, figures: 'true' }, signal }).then(answer => answer.indexes), [name]);
  // The query editor links here with the fields of the index a plan asks for.
  const wanted = location.value.query.get('create');
  const [adding, setAdding] = useState(wanted !== null);
  const [dropping, setDropping] = useState<IndexInfo | null>(null);
  if (indexes.error) return <ErrorBox error={indexes.error} onRetry={indexes.reload} />;
  if (!indexes.value) return <Busy onCancel={indexes.cancel} />;
  return (
    <>
      <div class="toolbar">
        <div class="spread row">
          <Button icon="refresh" label={words('refresh')} onClick={indexes.reload} />
          <Button kind="primary" icon="plus" data-new onClick={() => setAdding(true)}>
            {words('addIndex')}
          </Button>
        </div>
      </div>
      <div class="table-card" tabIndex={0} role="region" aria-label={words('indexes')}>
        <table class="table">
          <thead>
            <tr>
              <th scope="col">{words('indexName')}</th>
              <th scope="col">{words('indexType')}</th>
              <th scope="col">{words('indexFields')}</th>
              <th scope="col">{words('options')}</th>
              <th scope="col" class="numeric">{words('entries')}</th>
              <th scope="col" class="numeric">{words('indexSize')}</th>
              <th scope="col" class="numeric">{words('selectivity')}</th>
              <th scope="col" class="numeric" title={words('hitsHint')}>{words('hits')}</th>
              <th scope="col">{words('lastUsed')}</th>
              <th scope="col">
                <span class="unseen">{words('dropIndex')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {indexes.value.map(index => {
              const { entries, size, selectivity, hits, lastUsed } = figuresOf(index);
              return (
                <tr key={index.id}>
                  <th scope="row">{index.name}</th>
                  <td>
                    <span class="badge accent">{index.type}</span>
                  </td>
                  <td>
                    <code>{fieldsOf(index)}</code>
                  </td>
                  <td>
                    <div class="row">
                      {index.unique && <span class="badge note">unique</span>}
                      {index.sparse && <span class="badge">sparse</span>}
                      {index.geoJson === true && <span class="badge">GeoJSON</span>}
                      {typeof index.expireAfter === 'number' && <span class="badge">{`+${index.expireAfter} s`}</span>}
                      {typeof index.minLength === 'number' && <span class="badge">{`≥ ${index.minLength}`}</span>}
                      {Array.isArray(index.analyzers) && index.analyzers.map(one => <span class="badge">{String(one)}</span>)}
                    </div>
                  </td>
                  <td class="numeric">{entries == null ? '–' : formatNumber(entries)}</td>
                  <td class="numeric">{size == null ? '–' : formatBytes(size)}</td>
                  <td class="numeric">{selectivity == null ? '–' : formatNumber(selectivity, { style: 'percent', maximumFractionDigits: 1 })}</td>
                  <td class="numeric">{hits ? `${formatNumber(hits)}×` : '–'}</td>
                  <td class="when">{lastUsed ? formatTime(lastUsed) : words('never')}</td>
                  <td class="when">{index.type !== 'primary' && index.type !== 'edge' ? <Button small kind="quiet" icon="trash" label={`${words('dropIndex')} ${index.name}`} onClick={() => setDropping(index)} /> : <span class="muted">{words('primaryHint')}</span>}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {adding && <AddIndex collection={name} fields={wanted ?? ''} onClose={() => setAdding(false)} onDone={indexes.reload} />}
      {dropping && <DropIndex index={dropping} onClose={() => setDropping(null)} onDone={indexes.reload} />}
    </>
  );
}

function AddIndex({ collection, fields: wanted, onClose, onDone }: { collection: string; fields: string; onClose(): void; onDone(): void }) {
  const [type, setType] = useState('persistent');
  const [fields, setFields] = useState(wanted);
  const [name, setName] = useState('');
  const [isUnique, setUnique] = useState(false);
  const [isSparse, setSparse] = useState(false);
  const [geoJson, setGeoJson] = useState(true);
  const [expireAfter, setExpireAfter] = useState('0');
  const [minLength, setMinLength] = useState('2');
  const [analyzer, setAnalyzer] = useState('text_en');
  const [stop, setStop] = useState<AbortController | null>(null);
  const [error, setError] = useState<unknown>(null);
  const analyzers = useLoad(signal => call('listAnalyzers', { signal }).then(answer => answer.result.map(one => one.name)), []);
  const list = fields.split(',').map(field => field.trim()).filter(Boolean);
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
  };
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
          <Button kind="primary" type="submit" disabled={list.length === 0 || stop !== null}>
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
          <Checkbox label={words('unique')} checked={isUnique} onValue={setUnique} />
          <Checkbox label={words('sparse')} checked={isSparse} onValue={setSparse} />
        </div>
      )}
      {type === 'geo' && <Checkbox label={words('geoJson')} checked={geoJson} onValue={setGeoJson} />}
      {type === 'ttl' && <Field label={words('expireAfter')} type="number" value={expireAfter} onValue={setExpireAfter} min={0} />}
      {type === 'fulltext' && <Field label={words('minLength')} type="number" value={minLength} onValue={setMinLength} min={1} max={100} />}
      {type === 'inverted' && <Select label={words('analyzer')} value={analyzer} onValue={setAnalyzer} options={(analyzers.value ?? [analyzer]).map(one => [one, one] as const)} />}
      {list.length > 0 && <CodeBlock label={words('helps')} text={chosen.example(collection, list)} />}
      {stop && <Busy what={words('building')} onCancel={() => stop.abort()} />}
      {error !== null && <ErrorBox error={error} />}
      <ShowCalls curl={curlOf('createIndex', input)} />
    </Dialog>
  );
}

function DropIndex({ index, onClose, onDone }: { index: IndexInfo; onClose(): void; onDone(): void }) {
  const [collection, id] = index.id.split('/');
  const path = { collection, index: id };
  return (
    <Confirm
      title={words('dropIndexTitle', { name: index.name })}
      action={words('drop')}
      onClose={onClose}
      onConfirm={async () => {
        await call('dropIndex', { path });
        toast(words('indexDropped', { name: index.name }));
        onDone();
      }}
    >
      <p>{words('dropIndexText', { fields: fieldsOf(index) })}</p>
      <ShowCalls curl={curlOf('dropIndex', { path })} />
    </Confirm>
  );
}
