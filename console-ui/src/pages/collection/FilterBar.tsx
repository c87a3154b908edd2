import { useId, useState } from 'preact/hooks';
import { Button } from '../../ui/Button';
import { Field, Select } from '../../ui/Field';
import { Icon } from '../../ui/Icon';
import { condition, operators, type Filter, type Operator } from './filters';
import { words } from './messages';

const names: Partial<Record<Operator, Parameters<typeof words>[0]>> = { contains: 'contains', starts: 'starts', exists: 'exists', missing: 'absent' };

/** The filters in force as chips, and a row to add one: Enter applies, Escape closes. */
export function FilterBar({ filters, fields, onChange }: { filters: readonly Filter[]; fields: readonly string[]; onChange(filters: readonly Filter[]): void }) {
  const [draft, setDraft] = useState<Filter | null>(null);
  const list = useId();
  const needsValue = draft && draft.operator !== 'exists' && draft.operator !== 'missing';
  const apply = () => {
    if (!draft?.field) return;
    onChange([...filters, draft]);
    setDraft(null);
  };
  return (
    <div class="filter-bar">
      {filters.map((filter, index) => (
        <button key={index} type="button" class="chip" aria-label={words('removeFilter', { filter: condition(filter, '') })} onClick={() => onChange(filters.filter((_, other) => other !== index))}>
          <code>
            {filter.field} {names[filter.operator] ? words(names[filter.operator]!) : filter.operator} {filter.value}
          </code>
          <Icon name="close" size={12} />
        </button>
      ))}
      {draft ? (
        <form
          class="filter-draft"
          onSubmit={event => {
            event.preventDefault();
            apply();
          }}
          onKeyDown={event => event.key === 'Escape' && setDraft(null)}
        >
          <Field bare label={words('field')} placeholder={words('field')} value={draft.field} onValue={field => setDraft({ ...draft, field })} list={list} autoFocus autocomplete="off" spellcheck={false} />
          <datalist id={list}>
            {fields.map(field => (
              <option key={field} value={field} />
            ))}
          </datalist>
          <Select bare label={words('operator')} value={draft.operator} onValue={operator => setDraft({ ...draft, operator: operator as Operator })} options={operators.map(one => [one, names[one] ? words(names[one]!) : one] as const)} />
          {needsValue && <Field bare label={words('value')} placeholder={words('value')} value={draft.value} onValue={value => setDraft({ ...draft, value })} autocomplete="off" spellcheck={false} />}
          <Button kind="primary" type="submit" disabled={!draft.field}>
            {words('apply')}
          </Button>
          <Button kind="quiet" icon="close" label="Escape" onClick={() => setDraft(null)} />
        </form>
      ) : (
        <Button icon="filter" data-filter onClick={() => setDraft({ field: '', operator: '==', value: '' })}>
          {words('addFilter')}
        </Button>
      )}
    </div>
  );
}
