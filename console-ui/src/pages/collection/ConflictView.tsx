import { useMemo, useState } from 'preact/hooks';
import type { Document } from '../../core/api/answers';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { ErrorBox } from '../../ui/ErrorBox';
import { cellText } from '../../core/results/columns';
import { isSame, mergeDocuments } from './changes';
import { words } from './messages';

export interface ConflictViewProps {
  title: string;
  base: Document;
  yours: Document;
  theirs: Document;
  busy: boolean;
  error: unknown;
  onClose(): void;
  onTakeTheirs(): void;
  onSave(merged: Document): void;
}

/** Both sides of a document that was saved elsewhere meanwhile: what only one side changed is merged, the rest is chosen. */
export function ConflictView({ title, base, yours, theirs, busy, error, onClose, onTakeTheirs, onSave }: ConflictViewProps) {
  const { merged, conflicts } = useMemo(() => mergeDocuments(base, yours, theirs), [base, yours, theirs]);
  const [choices, setChoices] = useState<Record<string, 'yours' | 'theirs'>>({});
  const differing = [...new Set([...Object.keys(yours), ...Object.keys(theirs)])].filter(name => !isSame(yours[name], theirs[name]));
  const choiceOf = (name: string) => choices[name] ?? (conflicts.includes(name) || isSame(merged[name], yours[name]) ? 'yours' : 'theirs');
  const save = () => {
    const result: Document = { ...merged };
    for (const name of differing) {
      const value = (choiceOf(name) === 'yours' ? yours : theirs)[name];
      if (value === undefined) delete result[name];
      else result[name] = value;
    }
    onSave(result);
  };
  const side = (name: string, which: 'yours' | 'theirs') => {
    const value = (which === 'yours' ? yours : theirs)[name];
    return (
      <label class="checkbox">
        <input type="radio" name={`side-${name}`} checked={choiceOf(name) === which} onChange={() => setChoices({ ...choices, [name]: which })} />
        {value === undefined ? <em>{words('absentValue')}</em> : <code>{cellText(value)}</code>}
      </label>
    );
  };
  return (
    <Dialog
      wide
      title={title}
      onClose={onClose}
      onSubmit={save}
      actions={
        <>
          <Button onClick={onTakeTheirs}>{words('takeTheirs')}</Button>
          <Button kind="primary" type="submit" disabled={busy}>
            {words('saveMerged')}
          </Button>
        </>
      }
    >
      <p>{words('conflictText')}</p>
      {error !== null && <ErrorBox error={error} />}
      <div class="table-scroll">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">{words('attribute')}</th>
              <th scope="col">{words('yours')}</th>
              <th scope="col">{words('theirs')}</th>
            </tr>
          </thead>
          <tbody>
            {differing.map(name => (
              <tr key={name}>
                <th scope="row">
                  <code>{name}</code> {conflicts.includes(name) && <span class="badge warn">{words('bothChanged')}</span>}
                </th>
                <td>{side(name, 'yours')}</td>
                <td>{side(name, 'theirs')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Dialog>
  );
}
