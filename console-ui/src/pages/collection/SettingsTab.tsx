import { useState } from 'preact/hooks';
import { call, curlOf } from '../../core/api/client';
import { formatBytes, formatNumber } from '../../core/messages';
import { navigate } from '../../core/router';
import { Button } from '../../ui/Button';
import { CodeBlock } from '../../ui/CopyButton';
import { Checkbox } from '../../ui/Field';
import { ShowCalls } from '../../ui/ShowCalls';
import { toast, toastError } from '../../ui/Toast';
import { useLoad } from '../../ui/useLoad';
import { DropCollection, RenameCollection, TruncateCollection } from '../collections/dialogs';
import { pathOf, type TabProps } from './CollectionPage';
import { MergeSettings } from './MergeSettings';
import { words } from './messages';

export function SettingsTab({ collection, onChanged, onRedefined }: TabProps) {
  const [waitForSync, setWaitForSync] = useState(collection.waitForSync === true);
  const [act, setAct] = useState<'drop' | 'truncate' | 'rename' | null>(null);
  const figures = useLoad(signal => call('readCollectionFigures', { path: { collection: collection.name }, signal }), [collection.name]);
  const input = { path: { collection: collection.name }, body: { waitForSync: !waitForSync } };
  const keys = collection.keyOptions as { allowUserKeys?: boolean } | undefined;
  const change = (next: boolean) => {
    setWaitForSync(next);
    call('changeCollectionProperties', { path: { collection: collection.name }, body: { waitForSync: next } }).then(
      () => {
        toast(words('changed'));
        onRedefined();
      },
      error => {
        setWaitForSync(!next);
        toastError(error);
      },
    );
  };
  const count = figures.value?.count ?? 0;
  return (
    <div class="scroll-panel" tabIndex={0} role="region" aria-label={words('settings')}>
      {figures.value && (
        <div class="figures">
          <div>
            <strong>{formatNumber(count)}</strong>
            <span>{words('documents')}</span>
          </div>
          <div>
            <strong>{formatBytes(figures.value.figures.documentsSize)}</strong>
            <span>{words('sizeOfDocuments')}</span>
          </div>
          <div>
            <strong>{formatNumber(figures.value.figures.indexes.count)}</strong>
            <span>{words('indexes')}</span>
          </div>
          <div>
            <strong>{formatBytes(figures.value.figures.indexes.size)}</strong>
            <span>{words('sizeOfIndexes')}</span>
          </div>
        </div>
      )}
      <section class="card">
        <h2>{words('general')}</h2>
        <dl class="facts">
          <dt>{words('id')}</dt>
          <dd class="mono">{collection.id}</dd>
          <dt>{words('type')}</dt>
          <dd>{words(collection.type === 3 ? 'typeEdge' : 'typeDocument')}</dd>
          <dt>{words('placement')}</dt>
          <dd>{words(collection.isLocal ? 'placementLocal' : collection.isSpot ? 'placementSpot' : 'placementAll')}</dd>
          <dt>{words('keys')}</dt>
          <dd>{words(keys?.allowUserKeys === false ? 'keysGenerated' : 'keysOwn')}</dd>
        </dl>
      </section>
      <section class="card stack">
        <Checkbox label={words('waitForSync')} checked={waitForSync} onValue={change} />
        <ShowCalls curl={curlOf('changeCollectionProperties', input)} />
      </section>
      {!collection.isLocal && !collection.isSystem && <MergeSettings key={JSON.stringify([collection.crdt, collection.conflicts, collection.consistency])} collection={collection} onChanged={onRedefined} />}
      <section class="card stack">
        <h2>{words('allSettings')}</h2>
        <CodeBlock text={JSON.stringify({ ...collection, error: undefined, code: undefined }, null, 2)} />
      </section>
      <section class="card danger-card">
        <h2>{words('danger')}</h2>
        <div class="row">
          <Button icon="edit" disabled={collection.isSystem} onClick={() => setAct('rename')}>
            {words('rename')}
          </Button>
          <Button icon="close" onClick={() => setAct('truncate')}>
            {words('truncate')}
          </Button>
          <Button icon="trash" disabled={collection.isSystem} onClick={() => setAct('drop')}>
            {words('drop')}
          </Button>
        </div>
      </section>
      {act === 'drop' && <DropCollection collection={collection} count={count} onClose={() => setAct(null)} onDone={() => navigate('/collections')} />}
      {act === 'truncate' && <TruncateCollection collection={collection} count={count} onClose={() => setAct(null)} onDone={() => { figures.reload(); onChanged(); }} />}
      {act === 'rename' && <RenameCollection collection={collection} onClose={() => setAct(null)} onRenamed={next => navigate(pathOf(next, 'settings'))} />}
    </div>
  );
}
