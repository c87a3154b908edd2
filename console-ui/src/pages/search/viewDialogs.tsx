import { useEffect, useId, useState } from 'preact/hooks';
import type { View } from '../../core/api/answers';
import { call, curlOf } from '../../core/api/client';
import { collections, loadCollections } from '../../core/catalogue';
import { fabric } from '../../core/router';
import { ActDialog } from '../../ui/ActDialog';
import { Button } from '../../ui/Button';
import { Field, Select } from '../../ui/Field';
import { ShowCalls } from '../../ui/ShowCalls';
import { toast } from '../../ui/Toast';
import { useLoad } from '../../ui/useLoad';
import { words as common } from '../../ui/messages';
import { words } from './messages';
import { linksOf, sourceOf, type Source } from './viewSources';

/** Asks which fields of which collections a new view searches. */
export function AddView({ onClose, onAdded }: { onClose(): void; onAdded(name: string): void }) {
  const [name, setName] = useState('');
  const [sources, setSources] = useState<Source[]>([{ collection: '', fields: '', analyzer: 'text_en' }]);
  const add = async () => {
    // Filling takes as long as there are documents.
    await call('createView', { body: { name, type: 'search', links: linksOf(sources) }, timeoutMilliseconds: 0 });
    toast(words('added', { name }));
    onAdded(name);
  };
  return (
    <ActDialog title={words('addTitle')} wide action={common('save')} ready={name !== '' && areReady(sources)} onAct={add} onClose={onClose}>
      <Field label={words('name')} value={name} onValue={setName} data-first autocomplete="off" spellcheck={false} required />
      <Sources sources={sources} onChange={setSources} />
    </ActDialog>
  );
}

/** Changes which fields of which collections a view searches. */
export function EditView({ view, onClose, onChanged }: { view: View; onClose(): void; onChanged(): void }) {
  const [sources, setSources] = useState<Source[]>(() => Object.entries(view.links).map(([collection, link]) => sourceOf(collection, link)));
  const request = { path: { view: view.name }, body: { links: linksOf(sources) } };
  const change = async () => {
    await call('updateViewProperties', { ...request, timeoutMilliseconds: 0 });
    toast(words('changed', { name: view.name }));
    onChanged();
    onClose();
  };
  return (
    <ActDialog title={words('editTitle', { name: view.name })} wide action={common('save')} ready={areReady(sources)} onAct={change} onClose={onClose}>
      <p>{words('editText')}</p>
      <Sources sources={sources} onChange={setSources} />
      <ShowCalls curl={curlOf('updateViewProperties', request)} />
    </ActDialog>
  );
}

export function RenameView({ name, onClose, onRenamed }: { name: string; onClose(): void; onRenamed(name: string): void }) {
  const [next, setNext] = useState(name);
  const request = { path: { view: name }, body: { name: next } };
  const rename = async () => {
    await call('renameView', request);
    toast(words('renamed', { name: next }));
    onClose();
    onRenamed(next);
  };
  return (
    <ActDialog title={words('renameTitle', { name })} action={words('rename')} ready={next !== '' && next !== name} onAct={rename} onClose={onClose}>
      <p>{words('renameText', { name })}</p>
      <Field label={words('newName')} value={next} onValue={setNext} data-first autocomplete="off" spellcheck={false} />
      <ShowCalls curl={curlOf('renameView', request)} />
    </ActDialog>
  );
}

const areReady = (sources: readonly Source[]) => sources.every(source => source.collection !== '') && linksOf(sources) !== null;

/** A group of fields per collection. */
function Sources({ sources, onChange }: { sources: Source[]; onChange(sources: Source[]): void }) {
  const analyzers = useLoad(async signal => (await call('listAnalyzers', { signal })).result.map(one => one.name), [fabric.value]);
  useEffect(() => {
    if (!collections.value) void loadCollections();
  }, []);
  const change = (index: number, values: Partial<Source>) => onChange(sources.map((source, i) => (i === index ? { ...source, ...values } : source)));
  // A view has one link to a collection, so what one group has is not offered by the others.
  const choicesFor = (own: string) => {
    const free = (collections.value ?? []).map(one => one.name).filter(name => !name.startsWith('_') && !sources.some(source => source.collection === name));
    return ['', ...(own ? [own] : []), ...free].map(name => [name, name || '–'] as const);
  };
  const analyzersFor = (own: string) => [...new Set([own, ...(analyzers.value ?? ['text_en', 'identity'])])].map(one => [one, one] as const);
  return (
    <>
      {sources.map((source, index) => (
        <fieldset key={index} class="field-group">
          <Select label={words('collection')} value={source.collection} onValue={collection => change(index, { collection })} options={choicesFor(source.collection)} />
          {source.json === undefined ? (
            <>
              <Field label={words('fields')} hint={words('fieldsHint')} value={source.fields} onValue={fields => change(index, { fields })} autocomplete="off" spellcheck={false} />
              <Select label={words('analyzer')} hint={words('analyzerHint')} value={source.analyzer} onValue={analyzer => change(index, { analyzer })} options={analyzersFor(source.analyzer)} />
            </>
          ) : (
            <LinkText text={source.json} isRight={linksOf([source]) !== null} onText={json => change(index, { json })} />
          )}
          {sources.length > 1 && (
            <Button small icon="close" onClick={() => onChange(sources.filter((_, i) => i !== index))}>
              {words('remove')}
            </Button>
          )}
        </fieldset>
      ))}
      <Button small icon="plus" onClick={() => onChange([...sources, { collection: '', fields: '', analyzer: sources.at(-1)?.analyzer ?? 'text_en' }])}>
        {words('another')}
      </Button>
    </>
  );
}

function LinkText({ text, isRight, onText }: { text: string; isRight: boolean; onText(text: string): void }) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{words('link')}</label>
      <textarea id={id} class="mono" rows={8} value={text} onInput={event => onText(event.currentTarget.value)} aria-invalid={isRight ? undefined : true} aria-describedby={`${id}-hint`} spellcheck={false} />
      <div id={`${id}-hint`} class={isRight ? 'hint' : 'hint bad'}>
        {words(isRight ? 'linkHint' : 'linkWrong')}
      </div>
    </div>
  );
}
