import { Icon } from './Icon';

/** The box above a list that leaves what fits; `/` goes to it. */
export function FilterField({ label, value, onValue }: { label: string; value: string; onValue(value: string): void }) {
  return (
    <div class="search-field">
      <Icon name="search" />
      <input data-filter type="search" aria-label={label} placeholder={label} value={value} onInput={event => onValue(event.currentTarget.value)} autocomplete="off" spellcheck={false} />
    </div>
  );
}
