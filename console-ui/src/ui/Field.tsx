import type { AllHTMLAttributes, ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';

export interface FieldProps extends Omit<AllHTMLAttributes<HTMLInputElement>, 'value' | 'label' | 'ref' | 'role' | 'children'> {
  label: string;
  hint?: ComponentChildren;
  error?: string;
  value: string;
  onValue(value: string): void;
  /** Hides the label from sight, not from screen readers. */
  bare?: boolean;
}

/** Label, control, and below them what is wrong or what to know. */
function Frame({ id, label, bare, error, hint, extra, children }: { id: string; label: string; bare?: boolean; error?: string; hint?: ComponentChildren; extra: unknown; children: ComponentChildren }) {
  return (
    <div class={`field ${extra ?? ''}`}>
      <label for={id} class={bare ? 'unseen' : undefined}>
        {label}
      </label>
      {children}
      {(hint || error) && (
        <div id={`${id}-hint`} class={error ? 'hint bad' : 'hint'}>
          {error ?? hint}
        </div>
      )}
    </div>
  );
}

/** A labelled text field with its hint and error. */
export function Field({ label, hint, error, value, onValue, bare, class: extra, ...rest }: FieldProps) {
  const id = useId();
  return (
    <Frame {...{ id, label, bare, error, hint, extra }}>
      <input id={id} value={value} onInput={event => onValue(event.currentTarget.value)} aria-invalid={error ? true : undefined} aria-describedby={hint || error ? `${id}-hint` : undefined} {...(rest as JSX.IntrinsicElements['input'])} />
    </Frame>
  );
}

export interface SelectProps extends Omit<AllHTMLAttributes<HTMLSelectElement>, 'value' | 'label' | 'ref' | 'role' | 'children'> {
  label: string;
  value: string;
  onValue(value: string): void;
  options: readonly (readonly [value: string, text: string])[];
  bare?: boolean;
  hint?: ComponentChildren;
}

export function Select({ label, value, onValue, options, bare, hint, class: extra, ...rest }: SelectProps) {
  const id = useId();
  return (
    <Frame {...{ id, label, bare, hint, extra }}>
      <select id={id} value={value} onChange={event => onValue(event.currentTarget.value)} aria-describedby={hint ? `${id}-hint` : undefined} {...(rest as JSX.IntrinsicElements['select'])}>
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </Frame>
  );
}

export function Checkbox({ label, checked, onValue, ...rest }: Omit<AllHTMLAttributes<HTMLInputElement>, 'label' | 'ref' | 'role' | 'children' | 'checked'> & { label: ComponentChildren; checked: boolean; onValue(checked: boolean): void }) {
  return (
    <label class="checkbox">
      <input type="checkbox" checked={checked} onChange={event => onValue(event.currentTarget.checked)} {...(rest as object)} />
      <span>{label}</span>
    </label>
  );
}
