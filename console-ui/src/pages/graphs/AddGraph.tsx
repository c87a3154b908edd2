import { useState } from 'preact/hooks';
import { call } from '../../core/api/client';
import { collections, loadCollections } from '../../core/catalogue';
import { ActDialog } from '../../ui/ActDialog';
import { Button } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { toast } from '../../ui/Toast';
import { words as common } from '../../ui/messages';
import { DefinitionPicture } from './DefinitionPicture';
import { definitionsOf, type EdgeDraft } from './graphText';
import { words } from './messages';

/** Asks for a graph's edge definitions, and draws them as they are typed. */
export function AddGraph({ onClose, onAdded }: { onClose(): void; onAdded(name: string): void }) {
  const [name, setName] = useState('');
  const [drafts, setDrafts] = useState<EdgeDraft[]>([{ collection: '', from: '', to: '' }]);
  const edgeDefinitions = definitionsOf(drafts);
  const change = (index: number, values: Partial<EdgeDraft>) => setDrafts(drafts.map((draft, i) => (i === index ? { ...draft, ...values } : draft)));
  const ready = name !== '' && edgeDefinitions.length === drafts.length;
  const add = async () => {
    await call('createGraph', { body: { name, edgeDefinitions } });
    void loadCollections();
    toast(words('added', { name }));
    onAdded(name);
  };
  const named = (kind: 2 | 3) => (collections.value ?? []).filter(one => one.type === kind && !one.name.startsWith('_'));
  return (
    <ActDialog title={words('addTitle')} wide action={common('save')} ready={ready} onAct={add} onClose={onClose}>
      <Field label={words('name')} value={name} onValue={setName} data-first autocomplete="off" spellcheck={false} />
      <datalist id="edge-collections">{named(3).map(one => <option key={one.name} value={one.name} />)}</datalist>
      <datalist id="vertex-collections">{named(2).map(one => <option key={one.name} value={one.name} />)}</datalist>
      {drafts.map((draft, index) => (
        <fieldset key={index} class="field-group edge-draft">
          <Field label={words('from')} hint={words('endsHint')} list="vertex-collections" value={draft.from} onValue={from => change(index, { from })} autocomplete="off" spellcheck={false} />
          <Field label={words('edges')} hint={words('missingHint')} list="edge-collections" value={draft.collection} onValue={collection => change(index, { collection })} autocomplete="off" spellcheck={false} />
          <Field label={words('to')} hint={words('endsHint')} list="vertex-collections" value={draft.to} onValue={to => change(index, { to })} autocomplete="off" spellcheck={false} />
          {drafts.length > 1 && (
            <Button small icon="close" onClick={() => setDrafts(drafts.filter((_, i) => i !== index))}>
              {words('remove')}
            </Button>
          )}
        </fieldset>
      ))}
      <Button small icon="plus" onClick={() => setDrafts([...drafts, { collection: '', from: '', to: '' }])}>
        {words('another')}
      </Button>
      {edgeDefinitions.length > 0 && <DefinitionPicture graph={{ name, edgeDefinitions, orphanCollections: [] }} />}
    </ActDialog>
  );
}
