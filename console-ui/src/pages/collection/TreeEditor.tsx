import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Document } from '../../core/api/answers';
import { Button } from '../../ui/Button';
import { Select } from '../../ui/Field';
import { words } from './messages';
import { converted, pathKey, treeRows, valueTypes, withValue, type TreeRow, type ValueType } from './tree';

const shownMost = 500;

/** A document as a tree of attributes, each with a field for its value; for those who would rather not type JSON. */
export function TreeEditor({ document, onChange }: { document: Document; onChange(next: Document): void }) {
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [name, setName] = useState('');
  const { rows, isCut } = useMemo(() => treeRows(document, folded, shownMost), [document, folded]);
  const set = (row: TreeRow, value: unknown) => onChange(withValue(document, row.path, value));
  const fold = (key: string) => {
    const next = new Set(folded);
    if (!next.delete(key)) next.add(key);
    setFolded(next);
  };
  const wanted = name.trim();
  const isTaken = wanted in document || /^_(key|id|rev)$/.test(wanted);
  const add = () => {
    if (!wanted || isTaken) return;
    onChange({ ...document, [wanted]: '' });
    setName('');
  };
  return (
    <div class="tree-editor">
      <div class="table-scroll" tabIndex={0} role="region" aria-label={words('tree')}>
        <table class="table tree">
          <thead>
            <tr>
              <th scope="col">{words('attribute')}</th>
              <th scope="col">{words('type')}</th>
              <th scope="col">{words('value')}</th>
              <th scope="col">
                <span class="unseen">{words('delete')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(row => {
              const key = pathKey(row.path);
              return <Row key={key} row={row} isFolded={folded.has(key)} onFold={() => fold(key)} onValue={value => set(row, value)} />;
            })}
          </tbody>
        </table>
      </div>
      {isCut && <p class="hint">{words('treeCut', { count: shownMost })}</p>}
      <form
        class="row"
        onSubmit={event => {
          event.preventDefault();
          add();
        }}
      >
        <input aria-label={words('newAttribute')} placeholder={words('newAttribute')} value={name} onInput={event => setName(event.currentTarget.value)} autocomplete="off" spellcheck={false} />
        <Button icon="plus" type="submit" disabled={!wanted || isTaken}>
          {words('addAttribute')}
        </Button>
      </form>
    </div>
  );
}

function Row({ row, isFolded, onFold, onValue }: { row: TreeRow; isFolded: boolean; onFold(): void; onValue(value: unknown): void }) {
  const label = row.path.join('.');
  const last = String(row.path.at(-1));
  const isContainer = row.type === 'object' || row.type === 'list';
  return (
    <tr>
      <th scope="row" style={{ paddingInlineStart: `${10 + (row.path.length - 1) * 18}px` }}>
        {row.size > 0 ? (
          <Button kind="quiet" small icon={isFolded ? 'chevronRight' : 'chevronDown'} label={words(isFolded ? 'unfold' : 'fold', { field: label })} aria-expanded={!isFolded} onClick={onFold} />
        ) : (
          <span class="tree-gap" />
        )}
        <code>{last}</code>
      </th>
      <td>
        <Select bare label={words('typeFor', { field: label })} value={row.type} onValue={type => onValue(converted(row.value, type as ValueType))} options={valueTypes.map(type => [type, words(`type_${type}`)] as const)} />
      </td>
      <td>{isContainer ? <InContainer row={row} label={label} onValue={onValue} /> : <Value row={row} label={label} onValue={onValue} />}</td>
      <td>
        <Button kind="quiet" small icon="trash" label={words('removeField', { field: label })} onClick={() => onValue(undefined)} />
      </td>
    </tr>
  );
}

function InContainer({ row, label, onValue }: { row: TreeRow; label: string; onValue(value: unknown): void }) {
  const [name, setName] = useState('');
  if (row.type === 'list')
    return (
      <Button small icon="plus" label={words('addTo', { field: label })} onClick={() => onValue([...(row.value as unknown[]), ''])} />
    );
  const inside = row.value as Document;
  const add = () => {
    if (name.trim() && !(name.trim() in inside)) onValue({ ...inside, [name.trim()]: '' });
    setName('');
  };
  return (
    <form
      class="row"
      onSubmit={event => {
        event.preventDefault();
        add();
      }}
    >
      <input aria-label={words('addTo', { field: label })} placeholder={words('newAttribute')} value={name} onInput={event => setName(event.currentTarget.value)} autocomplete="off" spellcheck={false} />
      <Button small icon="plus" type="submit" label={words('addTo', { field: label })} disabled={!name.trim()} />
    </form>
  );
}

function Value({ row, label, onValue }: { row: TreeRow; label: string; onValue(value: unknown): void }) {
  const shown = row.type === 'number' ? JSON.stringify(row.value) : String(row.value ?? '');
  const [typed, setTyped] = useState(shown);
  // What is half typed, such as "1.", stays while it means what the document holds.
  useEffect(() => {
    if (row.type !== 'number' || Number(typed) !== row.value) setTyped(shown);
  }, [shown, row.type]);
  if (row.type === 'null') return <span class="muted">null</span>;
  if (row.type === 'boolean') return <input type="checkbox" aria-label={label} checked={row.value === true} onChange={event => onValue(event.currentTarget.checked)} />;
  const isWrong = row.type === 'number' && (typed.trim() === '' || !Number.isFinite(Number(typed)));
  return (
    <input
      aria-label={label}
      class={row.type === 'number' ? 'mono' : undefined}
      inputMode={row.type === 'number' ? 'decimal' : undefined}
      aria-invalid={isWrong ? true : undefined}
      value={typed}
      spellcheck={false}
      autocomplete="off"
      onInput={event => {
        const text = event.currentTarget.value;
        setTyped(text);
        if (row.type === 'text') onValue(text);
        else if (text.trim() !== '' && Number.isFinite(Number(text))) onValue(Number(text));
      }}
    />
  );
}
