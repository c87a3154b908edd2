import { useEffect, useState } from 'preact/hooks';
import type { ViewLink } from '../../core/api/answers';
import { call } from '../../core/api/client';
import { collections, loadCollections } from '../../core/catalogue';
import { fabric } from '../../core/router';
import { ActDialog } from '../../ui/ActDialog';
import { Button } from '../../ui/Button';
import { Field, Select } from '../../ui/Field';
import { toast } from '../../ui/Toast';
import { useLoad } from '../../ui/useLoad';
import { words as common } from '../../ui/messages';
import { words } from './messages';

interface Source {
  collection: string;
  fields: string;
  analyzer: string;
}

/** The link of a collection: the fields that are named, or all. A path `a.b` becomes `b` inside `a`. */
export function linkOf({ fields, analyzer }: Pick<Source, 'fields' | 'analyzer'>): ViewLink {
  const paths = fields
    .split(',')
    .map(path => path.trim())
    .filter(Boolean);
  if (paths.length === 0) return { analyzers: [analyzer], includeAllFields: true };
  const link: ViewLink = { analyzers: [analyzer], includeAllFields: false, fields: {} };
  for (const path of paths) {
    let at = link;
    for (const name of path.split('.')) at = (at.fields ??= {})[name] ??= {};
  }
  return link;
}

/** Asks which fields of which collections a new view searches. */
export function AddView({ onClose, onAdded }: { onClose(): void; onAdded(name: string): void }) {
  const [name, setName] = useState('');
  const [sources, setSources] = useState<Source[]>([{ collection: '', fields: '', analyzer: 'text_en' }]);
  const analyzers = useLoad(async signal => (await call('listAnalyzers', { signal })).result.map(one => one.name), [fabric.value]);
  useEffect(() => {
    if (!collections.value) void loadCollections();
  }, []);
  const choices = (collections.value ?? []).filter(one => !one.name.startsWith('_')).map(one => [one.name, one.name] as const);
  const change = (index: number, values: Partial<Source>) => setSources(sources.map((source, i) => (i === index ? { ...source, ...values } : source)));
  const ready = name !== '' && sources.every(source => source.collection !== '');
  const add = async () => {
    // Filling takes as long as there are documents.
    await call('createView', { body: { name, type: 'search', links: Object.fromEntries(sources.map(source => [source.collection, linkOf(source)])) }, timeoutMilliseconds: 0 });
    toast(words('added', { name }));
    onAdded(name);
  };
  return (
    <ActDialog title={words('addTitle')} wide action={common('save')} ready={ready} onAct={add} onClose={onClose}>
      <Field label={words('name')} value={name} onValue={setName} data-first autocomplete="off" spellcheck={false} required />
      {sources.map((source, index) => (
        <fieldset key={index} class="field-group">
          <Select label={words('collection')} value={source.collection} onValue={collection => change(index, { collection })} options={[['', '–'], ...choices]} />
          <Field label={words('fields')} hint={words('fieldsHint')} value={source.fields} onValue={fields => change(index, { fields })} autocomplete="off" spellcheck={false} />
          <Select label={words('analyzer')} hint={words('analyzerHint')} value={source.analyzer} onValue={analyzer => change(index, { analyzer })} options={(analyzers.value ?? ['text_en', 'identity']).map(one => [one, one] as const)} />
          {sources.length > 1 && (
            <Button small icon="close" onClick={() => setSources(sources.filter((_, i) => i !== index))}>
              {words('remove')}
            </Button>
          )}
        </fieldset>
      ))}
      <Button small icon="plus" onClick={() => setSources([...sources, { collection: '', fields: '', analyzer: sources.at(-1)?.analyzer ?? 'text_en' }])}>
        {words('another')}
      </Button>
    </ActDialog>
  );
}
