import { useState } from 'preact/hooks';
import { call, curlOf } from '../../core/api/client';
import type { CollectionInfo } from '../../core/api/answers';
import { loadCollections } from '../../core/catalogue';
import { remember } from '../../core/preferences';
import { ActDialog } from '../../ui/ActDialog';
import { Confirm } from '../../ui/Confirm';
import { Checkbox, Field, Select } from '../../ui/Field';
import { Icon } from '../../ui/Icon';
import { ShowCalls } from '../../ui/ShowCalls';
import { toast } from '../../ui/Toast';
import { words } from './messages';

/** Where the field that keys are imported from is kept, per collection. */
export const keyFieldOf = (collection: string) => `import.key.${collection}`;

export function AddCollection({ onClose, onAdded }: { onClose(): void; onAdded(name: string): void }) {
  const [type, setType] = useState<2 | 3>(2);
  const [name, setName] = useState('');
  const [keyField, setKeyField] = useState('');
  const [placement, setPlacement] = useState('all');
  const [sync, setSync] = useState(false);
  const body = { name, type, ...(placement === 'spot' && { isSpot: true }), ...(placement === 'local' && { isLocal: true }), ...(sync && { waitForSync: true }) };
  const add = async () => {
    await call('createCollection', { body });
    if (keyField) remember(keyFieldOf(name), keyField);
    await loadCollections();
    toast(words('saved', { name }));
    onAdded(name);
    onClose();
  };
  return (
    <ActDialog title={words('dialogTitle')} action={words('save')} ready={name !== ''} onAct={add} onClose={onClose}>
      <fieldset class="type-choice">
        <legend>{words('type')}</legend>
        {([2, 3] as const).map(one => (
          <label key={one} class={type === one ? 'chosen' : undefined}>
            <input type="radio" name="type" checked={type === one} onChange={() => setType(one)} />
            <Icon name={one === 2 ? 'document' : 'edge'} size={20} />
            <span>
              <strong>{words(one === 2 ? 'typeDocument' : 'typeEdge')}</strong>
              <small>{words(one === 2 ? 'typeDocumentHint' : 'typeEdgeHint')}</small>
            </span>
          </label>
        ))}
      </fieldset>
      <Field label={words('name')} name="name" value={name} onValue={setName} hint={words('nameHint')} data-first required autocomplete="off" spellcheck={false} pattern="_?[A-Za-z][A-Za-z0-9_\-]*" maxLength={256} />
      <Field label={words('keyField')} name="key" value={keyField} onValue={setKeyField} hint={words('keyHint')} autocomplete="off" spellcheck={false} />
      <Select
        label={words('placement')}
        value={placement}
        onValue={setPlacement}
        options={[
          ['all', words('placementAll')],
          ['spot', words('placementSpot')],
          ['local', words('placementLocal')],
        ]}
      />
      <Checkbox label={words('sync')} checked={sync} onValue={setSync} />
      <ShowCalls curl={curlOf('createCollection', { body })} />
    </ActDialog>
  );
}

interface OnCollection {
  collection: CollectionInfo;
  count: number;
  onClose(): void;
  onDone?(): void;
}

export function DropCollection({ collection: { name }, count, onClose, onDone }: OnCollection) {
  return (
    <Confirm
      title={words('dropTitle', { name })}
      action={words('drop')}
      typeName={name}
      onClose={onClose}
      onConfirm={async () => {
        await call('dropCollection', { path: { collection: name } });
        await loadCollections();
        toast(words('dropped', { name }));
        onDone?.();
      }}
    >
      <p>{words('dropText', { count })}</p>
      <ShowCalls curl={curlOf('dropCollection', { path: { collection: name } })} />
    </Confirm>
  );
}

export function TruncateCollection({ collection: { name }, count, onClose, onDone }: OnCollection) {
  return (
    <Confirm
      title={words('truncateTitle', { name })}
      action={words('truncate')}
      typeName={name}
      onClose={onClose}
      onConfirm={async () => {
        await call('truncateCollection', { path: { collection: name }, timeoutMilliseconds: 0 });
        await loadCollections();
        toast(words('truncated', { name }));
        onDone?.();
      }}
    >
      <p>{words('truncateText', { count })}</p>
      <ShowCalls curl={curlOf('truncateCollection', { path: { collection: name } })} c8ql={`FOR d IN ${name} REMOVE d IN ${name}`} />
    </Confirm>
  );
}

export function RenameCollection({ collection: { name }, onClose, onRenamed }: { collection: CollectionInfo; onClose(): void; onRenamed?(name: string): void }) {
  const [next, setNext] = useState(name);
  const rename = async () => {
    await call('renameCollection', { path: { collection: name }, body: { name: next } });
    await loadCollections();
    toast(words('renamed', { name: next }));
    onClose();
    onRenamed?.(next);
  };
  return (
    <ActDialog title={words('renameTitle', { name })} action={words('rename')} ready={next !== '' && next !== name} onAct={rename} onClose={onClose}>
      <Field label={words('newName')} value={next} onValue={setNext} data-first autocomplete="off" spellcheck={false} />
    </ActDialog>
  );
}
