import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { Button } from './Button';
import { Icon } from './Icon';
import { words } from './messages';
import { explain } from './ErrorBox';

export interface ToastMessage {
  text: ComponentChildren;
  kind?: 'good' | 'bad' | 'note';
  /** Buttons such as "Undo" or "Copy as curl". */
  action?: { text: string; run(): void };
  /** How long it stays; 6 seconds unless told, errors until they are closed. */
  milliseconds?: number;
}

const shown = signal<(ToastMessage & { id: number })[]>([]);
let last = 0;

/** Says what happened, at the corner; returns how to take it away. */
export function toast(message: ToastMessage | string): () => void {
  const entry = { ...(typeof message === 'string' ? { text: message } : message), id: ++last };
  shown.value = [...shown.value.slice(-4), entry];
  const close = () => (shown.value = shown.value.filter(one => one.id !== entry.id));
  if (entry.kind !== 'bad' || entry.milliseconds) setTimeout(close, entry.milliseconds ?? 6000);
  return close;
}

/** Shows an error that has no better place on the page. */
export const toastError = (error: unknown) => toast({ kind: 'bad', text: explain(error).title, milliseconds: 12_000 });

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {shown.value.map(entry => (
        <div key={entry.id} class={`toast ${entry.kind ?? 'good'}`}>
          <Icon name={entry.kind === 'bad' ? 'warning' : entry.kind === 'note' ? 'info' : 'check'} />
          <div class="toast-text">{entry.text}</div>
          {entry.action && (
            <Button
              small
              onClick={() => {
                entry.action!.run();
                shown.value = shown.value.filter(one => one.id !== entry.id);
              }}
            >
              {entry.action.text}
            </Button>
          )}
          <Button kind="quiet" small icon="close" label={words('close')} onClick={() => (shown.value = shown.value.filter(one => one.id !== entry.id))} />
        </div>
      ))}
    </div>
  );
}
