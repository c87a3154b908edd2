import { useEffect, useState } from 'preact/hooks';
import { collections, collectionsError, loadCollections } from '../../core/catalogue';
import { quotedName } from '../../core/c8ql/completion';
import { Button } from '../../ui/Button';
import { ErrorBox } from '../../ui/ErrorBox';
import { Icon } from '../../ui/Icon';
import { catalogue, graphNames } from './catalogue';
import { words } from './messages';

const SHOWN_MAX = 200;

/** Collections and graphs beside the editor: their fields, and a click that puts a name or a first query into the text. */
export function SourcePane({ onInsert, onQuery }: { onInsert(text: string): void; onQuery(text: string): void }) {
  const [typed, setTyped] = useState('');
  const [open, setOpen] = useState<string | null>(null);
  useEffect(() => {
    if (!collections.value) void loadCollections();
  }, []);
  const fitting = (collections.value ?? []).filter(one => one.name.toLowerCase().includes(typed.toLowerCase()));
  return (
    <div class="sources">
      <input class="sources-filter" type="search" data-filter value={typed} onInput={event => setTyped(event.currentTarget.value)} placeholder={words('filterCollections')} aria-label={words('filterCollections')} />
      {collectionsError.value !== null && <ErrorBox error={collectionsError.value} onRetry={() => void loadCollections()} />}
      {collections.value?.length === 0 && <p class="hint">{words('noCollections')}</p>}
      <ul>
        {fitting.slice(0, SHOWN_MAX).map(one => (
          <li key={one.name}>
            <div class="source">
              <button type="button" class="source-name" aria-expanded={open === one.name} onClick={() => setOpen(open === one.name ? null : one.name)} title={one.name}>
                <Icon name={open === one.name ? 'chevronDown' : 'chevronRight'} size={12} />
                <Icon name={one.type === 3 ? 'edge' : 'document'} size={14} />
                <span>{one.name}</span>
              </button>
              <Button kind="quiet" small icon="play" label={words('queryAll', { name: one.name })} onClick={() => onQuery(firstQuery(one.name))} />
            </div>
            {open === one.name && <Fields collection={one.name} onInsert={onInsert} />}
          </li>
        ))}
      </ul>
      {fitting.length > SHOWN_MAX && <p class="hint">{words('moreCollections', { count: fitting.length - SHOWN_MAX })}</p>}
      {graphNames.value.length > 0 && (
        <>
          <h3>{words('graphs')}</h3>
          <ul>
            {graphNames.value.map(name => (
              <li key={name}>
                <button type="button" class="source-name" onClick={() => onInsert(JSON.stringify(name))}>
                  <Icon name="graph" size={14} />
                  <span>{name}</span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

export const firstQuery = (collection: string) => `FOR doc IN ${quotedName(collection)}\n  LIMIT 100\n  RETURN doc`;

function Fields({ collection, onInsert }: { collection: string; onInsert(text: string): void }) {
  const [fields, setFields] = useState<readonly string[] | null>(null);
  useEffect(() => {
    let isHere = true;
    void catalogue.fields(collection).then(found => isHere && setFields(found));
    return () => {
      isHere = false;
    };
  }, [collection]);
  if (fields === null) return <p class="hint source-fields">…</p>;
  if (fields.length === 0) return <p class="hint source-fields">{words('noFields')}</p>;
  return (
    <ul class="source-fields">
      {fields.map(field => (
        <li key={field}>
          <button type="button" onClick={() => onInsert(field.split('.').map(part => part.replace(/^[^[]+/, quotedName)).join('.'))}>
            <code>{field}</code>
          </button>
        </li>
      ))}
    </ul>
  );
}
