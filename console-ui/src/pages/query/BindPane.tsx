import { useId } from 'preact/hooks';
import type { BindName } from '../../core/c8ql/scope';
import { collections } from '../../core/catalogue';
import { type BindEntry, type BindType, bindTypes, type Binds, entryFor, valueOf } from './binds';
import { words } from './messages';
import './bind.css';

export interface BindPaneProps {
  names: readonly BindName[];
  entries: Binds;
  onChange(name: string, entry: BindEntry): void;
  /** Marks what is no value, after a run was tried. */
  showInvalid?: boolean;
}

/** A field for each bind parameter of the text, with the type its value is meant as. */
export function BindPane({ names, entries, onChange, showInvalid }: BindPaneProps) {
  if (names.length === 0) return <p class="hint bind-none">{words('bindNone')}</p>;
  return (
    <div class="binds">
      {names.map(({ name, isCollection }, index) => (
        <BindField key={name} isFirst={index === 0} name={name} isCollection={isCollection} entry={entryFor(name, isCollection, entries)} showInvalid={showInvalid} onChange={entry => onChange(name, entry)} />
      ))}
    </div>
  );
}

const typeWords = { text: 'typeText', number: 'typeNumber', boolean: 'typeBoolean', null: 'typeNull', json: 'typeJson', collection: 'typeCollection' } as const;

function BindField({ name, isFirst, isCollection, entry, showInvalid, onChange }: { name: string; isFirst: boolean; isCollection: boolean; entry: BindEntry; showInvalid?: boolean; onChange(entry: BindEntry): void }) {
  const id = useId();
  const isInvalid = valueOf(entry) === undefined && (showInvalid || (entry.text !== '' && entry.type !== 'text'));
  return (
    <div class="bind">
      <label for={id}>
        <code>@{name}</code>
      </label>
      {!isCollection && (
        <select class="bind-type" aria-label={words('typeOf', { name })} value={entry.type} onChange={event => onChange({ type: event.currentTarget.value as BindType, text: convert(entry.text, event.currentTarget.value as BindType) })}>
          {bindTypes.map(type => (
            <option key={type} value={type}>
              {words(typeWords[type])}
            </option>
          ))}
        </select>
      )}
      {isCollection ? (
        <input id={id} data-first={isFirst || undefined} list={`${id}-list`} value={entry.text} placeholder={words('collectionName')} aria-invalid={isInvalid || undefined} onInput={event => onChange({ type: 'collection', text: event.currentTarget.value })} autocomplete="off" spellcheck={false} />
      ) : entry.type === 'boolean' ? (
        <select id={id} value={entry.text === 'true' ? 'true' : 'false'} onChange={event => onChange({ ...entry, text: event.currentTarget.value })}>
          <option value="true">true</option>
          <option value="false">false</option>
        </select>
      ) : entry.type === 'null' ? (
        <input id={id} value="null" disabled />
      ) : entry.type === 'json' ? (
        <textarea id={id} class="mono" rows={3} value={entry.text} placeholder='["a", 1]' aria-invalid={isInvalid || undefined} onInput={event => onChange({ ...entry, text: event.currentTarget.value })} spellcheck={false} />
      ) : (
        <input id={id} data-first={isFirst || undefined} inputMode={entry.type === 'number' ? 'decimal' : undefined} value={entry.text} aria-invalid={isInvalid || undefined} onInput={event => onChange({ ...entry, text: event.currentTarget.value })} autocomplete="off" spellcheck={false} />
      )}
      {isCollection && (
        <datalist id={`${id}-list`}>
          {(collections.value ?? []).slice(0, 500).map(one => (
            <option key={one.name} value={one.name} />
          ))}
        </datalist>
      )}
      {isInvalid && <div class="hint bad">{isCollection ? words('needsCollection') : entry.type === 'json' ? words('badJson') : words('badNumber')}</div>}
    </div>
  );
}

/** Keeps a text that means something in the new type. */
function convert(text: string, type: BindType): string {
  if (type === 'boolean') return text === 'true' ? 'true' : 'false';
  return text;
}
