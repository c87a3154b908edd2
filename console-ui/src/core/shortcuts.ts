import { signal } from '@preact/signals';
import { navigate } from './router';

/** A key combination: `mod+k` (Ctrl, or Cmd on a Mac), `g c` (one after the other), `?`. */
export interface Shortcut {
  keys: string;
  /** What it does, for the list under `?`. */
  title(): string;
  /** Nothing for a key that the focused part of a page takes by itself, and that only stands in the list. */
  run?(): void;
}

const table = signal<readonly Shortcut[]>([]);

export const shortcuts = table;

/** Adds shortcuts while a page is open; returns how to take them away. */
export function addShortcuts(more: readonly Shortcut[]): () => void {
  table.value = [...table.value, ...more];
  return () => (table.value = table.value.filter(one => !more.includes(one)));
}

let before = '';
let beforeAt = 0;

const typing = (target: EventTarget | null) => target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Single letters do nothing while somebody types. */
export function startShortcuts(): void {
  addEventListener('keydown', event => {
    if (event.defaultPrevented || event.isComposing) return;
    const modifier = event.ctrlKey || event.metaKey;
    const key = `${modifier ? 'mod+' : ''}${event.shiftKey && event.key.length > 1 ? 'shift+' : ''}${event.altKey ? 'alt+' : ''}${event.key.toLowerCase()}`;
    if (!modifier && typing(event.target)) return;
    const sequence = event.timeStamp - beforeAt < 1200 ? `${before} ${key}` : '';
    const found = table.value.findLast(one => one.keys === sequence) ?? table.value.findLast(one => one.keys === key);
    before = key;
    beforeAt = event.timeStamp;
    if (!found?.run) return;
    before = '';
    event.preventDefault();
    found.run();
  });
}

/** `/` goes to the filter of the page, `n` presses its "new" button: pages mark them with data-filter and data-new. */
export const focusFilter = () => document.querySelector<HTMLElement>('main [data-filter]')?.focus();
export const pressNew = () => document.querySelector<HTMLElement>('main [data-new]')?.click();
export const goTo = (path: string) => () => navigate(path);
