import { useState } from 'preact/hooks';
import { call, curlOf } from '../../core/api/client';
import type { IndexInfo } from '../../core/api/answers';
import { formatBytes, formatNumber, formatTime } from '../../core/messages';
import { location } from '../../core/router';
import { Busy } from '../../ui/Busy';
import { Button } from '../../ui/Button';
import { Confirm } from '../../ui/Confirm';
import { ErrorBox } from '../../ui/ErrorBox';
import { ShowCalls } from '../../ui/ShowCalls';
import { toast } from '../../ui/Toast';
import { useLoad } from '../../ui/useLoad';
import { AddIndex } from './AddIndex';
import type { TabProps } from './CollectionPage';
import { words } from './messages';

interface IndexFigures {
  entries?: number | null;
  size?: number | null;
  selectivity?: number | null;
  hits?: number;
  lastUsed?: string | null;
}

const fieldsOf = (index: IndexInfo) => index.fields.map(field => (typeof field === 'string' ? field : field.name)).join(', ');
const figuresOf = (index: IndexInfo) => (index.figures ?? {}) as IndexFigures;

export function IndexesTab({ collection }: TabProps) {
  const { name } = collection;
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
                      {index.params && <span class="badge">{`${index.params.metric} · ${index.params.dimension}`}</span>}
                      {index.prefixFields && <span class="badge">{index.prefixFields.join(', ')}</span>}
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
      {adding && <AddIndex collection={collection} fields={wanted ?? ''} onClose={() => setAdding(false)} onDone={indexes.reload} />}
      {dropping && <DropIndex index={dropping} onClose={() => setDropping(null)} onDone={indexes.reload} />}
    </>
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
