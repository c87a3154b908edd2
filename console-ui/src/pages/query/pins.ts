import { signal } from '@preact/signals';
import { type Run, runs } from './runs';

/** Results that stay while newer ones come, by tab. They last as long as the page. */
export const pins = signal<ReadonlyMap<string, readonly Run[]>>(new Map());

const PINS_MAX = 6;

export function pin(tab: string): void {
  const run = runs.value.get(tab);
  const pinned = pins.value.get(tab) ?? [];
  if (run?.state !== 'done' || pinned.some(one => one.id === run.id)) return;
  // The cursor goes on with the newest result only.
  pins.value = new Map(pins.value).set(tab, [...pinned.slice(1 - PINS_MAX), { ...run, cursor: undefined }]);
}

export function unpin(tab: string, id: string): void {
  pins.value = new Map(pins.value).set(tab, (pins.value.get(tab) ?? []).filter(one => one.id !== id));
}
