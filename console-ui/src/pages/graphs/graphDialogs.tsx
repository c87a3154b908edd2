import { useEffect, useState } from 'preact/hooks';
import type { GraphDefinition } from '../../core/api/answers';
import { call } from '../../core/api/client';
import { collections, loadCollections } from '../../core/catalogue';
import { ActDialog } from '../../ui/ActDialog';
import { Button } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { toast } from '../../ui/Toast';
import { words as common } from '../../ui/messages';
import { DefinitionPicture } from './DefinitionPicture';
import { changesOf, definitionsOf, draftOf, type EdgeChange, type EdgeDraft } from './graphText';
import { words } from './messages';

/** Asks for a graph's edge definitions, and draws them as they are typed. */
export function AddGraph({ onClose, onAdded }: { onClose(): void; onAdded(name: string): void }) {
  const [name, setName] = useState('');
  const [drafts, setDrafts] = useState<EdgeDraft[]>([{ collection: '', from: '', to: '' }]);
  const edgeDefinitions = definitionsOf(drafts);
  const ready = name !== '' && edgeDefinitions.length === drafts.length;
  const add = async () => {
    await call('createGraph', { body: { name, edgeDefinitions } });
    void loadCollections();
    toast(words('added', { name }));
    onAdded(name);
  };
  return (
    <ActDialog title={words('addTitle')} wide action={common('save')} ready={ready} onAct={add} onClose={onClose}>
      <Field label={words('name')} value={name} onValue={setName} data-first autocomplete="off" spellcheck={false} />
      <Drafts drafts={drafts} onChange={setDrafts} />
      {edgeDefinitions.length > 0 && <DefinitionPicture graph={{ name, edgeDefinitions, orphanCollections: [] }} />}
    </ActDialog>
  );
}

/** Changes a graph's edge definitions: one call for each that is added, replaced or removed. */
export function EditGraph({ graph, onClose, onChanged }: { graph: GraphDefinition; onClose(): void; onChanged(): void }) {
  // What the server has: when a call fails, those before it are done, and saving again makes the rest.
  const [known, setKnown] = useState(graph);
  const [drafts, setDrafts] = useState<EdgeDraft[]>(graph.edgeDefinitions.map(draftOf));
  const edgeDefinitions = definitionsOf(drafts);
  const changes = changesOf(known.edgeDefinitions, edgeDefinitions);
  const isWhole = edgeDefinitions.length === drafts.length && new Set(edgeDefinitions.map(one => one.collection)).size === drafts.length;
  const change = async () => {
    try {
      for (const one of changes) setKnown((await make(graph.name, one)).graph);
    } finally {
      void loadCollections();
      onChanged();
    }
    toast(words('changed', { name: graph.name }));
    onClose();
  };
  return (
    <ActDialog title={words('editTitle', { name: graph.name })} wide action={common('save')} ready={isWhole && changes.length > 0} onAct={change} onClose={onClose}>
      <p>{words('editText')}</p>
      <Drafts drafts={drafts} onChange={setDrafts} />
      {edgeDefinitions.length > 0 && <DefinitionPicture graph={{ name: graph.name, edgeDefinitions, orphanCollections: [] }} />}
    </ActDialog>
  );
}

function make(graph: string, { kind, definition }: EdgeChange) {
  const path = { graph, collection: definition.collection };
  if (kind === 'add') return call('addGraphEdgeDefinition', { path: { graph }, body: definition });
  return kind === 'replace' ? call('replaceGraphEdgeDefinition', { path, body: definition }) : call('removeGraphEdgeDefinition', { path });
}

/** A group of fields per kind of edge. */
function Drafts({ drafts, onChange }: { drafts: EdgeDraft[]; onChange(drafts: EdgeDraft[]): void }) {
  useEffect(() => {
    if (!collections.value) void loadCollections();
  }, []);
  const change = (index: number, values: Partial<EdgeDraft>) => onChange(drafts.map((draft, i) => (i === index ? { ...draft, ...values } : draft)));
  const named = (kind: 2 | 3) => (collections.value ?? []).filter(one => one.type === kind && !one.name.startsWith('_'));
  return (
    <>
      <datalist id="edge-collections">{named(3).map(one => <option key={one.name} value={one.name} />)}</datalist>
      <datalist id="vertex-collections">{named(2).map(one => <option key={one.name} value={one.name} />)}</datalist>
      {drafts.map((draft, index) => (
        <fieldset key={index} class="field-group edge-draft">
          <Field label={words('from')} hint={words('endsHint')} list="vertex-collections" value={draft.from} onValue={from => change(index, { from })} autocomplete="off" spellcheck={false} />
          <Field label={words('edges')} hint={words('missingHint')} list="edge-collections" value={draft.collection} onValue={collection => change(index, { collection })} autocomplete="off" spellcheck={false} />
          <Field label={words('to')} hint={words('endsHint')} list="vertex-collections" value={draft.to} onValue={to => change(index, { to })} autocomplete="off" spellcheck={false} />
          {drafts.length > 1 && (
            <Button small icon="close" onClick={() => onChange(drafts.filter((_, i) => i !== index))}>
              {words('remove')}
            </Button>
          )}
        </fieldset>
      ))}
      <Button small icon="plus" onClick={() => onChange([...drafts, { collection: '', from: '', to: '' }])}>
        {words('another')}
      </Button>
    </>
  );
}
