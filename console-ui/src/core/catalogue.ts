import { effect, signal } from '@preact/signals';
import { call } from './api/client';
import type { CollectionInfo } from './api/answers';
import { whenReachable } from './api/reachable';
import { fabric } from './router';
import { session } from './session';

/** The collections of the fabric, from one call, shared by the list, the palette, completion and dialogs; undefined until loaded. */
export const collections = signal<CollectionInfo[] | undefined>(undefined);
/** Why the list could not be loaded. */
export const collectionsError = signal<unknown>(null);

let running: Promise<void> | null = null;
let runningFor = '';

/** Loads the list anew; calls while one runs share it. */
export function loadCollections(): Promise<void> {
  const place = `${session.value?.tenant}/${fabric.value}`;
  if (running && runningFor === place) return running;
  runningFor = place;
  const mine = call('listCollections', { query: { figures: 'true' } }).then(
    answer => {
      if (runningFor !== place) return;
      collections.value = answer.result.sort((a, b) => (a.name < b.name ? -1 : 1));
      collectionsError.value = null;
    },
    (error: unknown) => {
      if (runningFor === place) collectionsError.value = error;
    },
  );
  running = mine.finally(() => {
    if (running === shared) running = null;
  });
  const shared = running;
  return running;
}

let shownPlace = '';

/** Forgets the list when tenant or fabric change, and loads it when a server that was away answers again. */
export const startCatalogue = () => {
  whenReachable(() => collectionsError.value !== null && void loadCollections());
  effect(() => {
    const place = `${session.value?.tenant}/${fabric.value}`;
    if (place === shownPlace) return;
    shownPlace = place;
    running = null;
    collections.value = undefined;
  });
};
