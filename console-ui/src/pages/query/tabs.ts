import { computed, effect, signal } from '@preact/signals';
import { recall, remember } from '../../core/preferences';
import { fabric } from '../../core/router';
import { session } from '../../core/session';
import type { Binds } from './binds';

/** What is known of a saved query when it is opened, so that saving it again loses nothing. */
export interface SavedOrigin {
  name: string;
  description?: string;
  /** The parameters that have a default. */
  defaults: readonly string[];
}

/** A text in the editor with what belongs to it. Tabs outlive reloads; what they ran does not. */
export interface QueryTab {
  id: string;
  text: string;
  binds: Binds;
  /** The saved query it is a copy of. */
  saved?: SavedOrigin;
  /** A name given by hand. */
  name?: string;
}

interface Kept {
  tabs: QueryTab[];
  active: string;
}

const place = computed(() => `${session.value?.tenant}.${session.value?.user}.${fabric.value}`);
const SAVE_DELAY_MILLISECONDS = 400;

export const tabs = signal<QueryTab[]>([]);
export const activeId = signal('');
export const activeTab = computed(() => tabs.value.find(tab => tab.id === activeId.value) ?? tabs.value[0]!);

let keptPlace = '';
let timer: ReturnType<typeof setTimeout> | undefined;

/** Brings back the tabs of this user and fabric, and keeps them from now on; returns how to stop. */
export function startTabs(): () => void {
  const stop = effect(() => {
    if (place.value !== keptPlace) {
      keptPlace = place.value;
      const kept = recall<Kept>(`query.tabs.${keptPlace}`, { tabs: [], active: '' });
      tabs.value = kept.tabs.length ? kept.tabs : [emptyTab()];
      activeId.value = tabs.value.some(tab => tab.id === kept.active) ? kept.active : tabs.value[0]!.id;
      return;
    }
    const now: Kept = { tabs: tabs.value, active: activeId.value };
    clearTimeout(timer);
    timer = setTimeout(() => keep(now), SAVE_DELAY_MILLISECONDS);
  });
  const last = () => keep({ tabs: tabs.value, active: activeId.value });
  addEventListener('pagehide', last);
  return () => {
    stop();
    clearTimeout(timer);
    last();
    removeEventListener('pagehide', last);
  };
}

const keep = (now: Kept) => remember(`query.tabs.${keptPlace}`, now);

const emptyTab = (): QueryTab => ({ id: newId(), text: '', binds: {} });

export const newId = () => crypto.getRandomValues(new Uint32Array(2)).reduce((text, part) => text + part.toString(36), '');

export function openTab(content: Partial<Omit<QueryTab, 'id'>> = {}): QueryTab {
  const tab = { ...emptyTab(), ...content };
  // An empty tab that nobody used gives its place.
  const current = activeTab.value;
  tabs.value = content.text && current && !current.text ? tabs.value.map(one => (one === current ? tab : one)) : [...tabs.value, tab];
  activeId.value = tab.id;
  return tab;
}

export function closeTab(id: string): void {
  const index = tabs.value.findIndex(tab => tab.id === id);
  const left = tabs.value.filter(tab => tab.id !== id);
  tabs.value = left.length ? left : [emptyTab()];
  if (activeId.value === id) activeId.value = tabs.value[Math.min(index, tabs.value.length - 1)]!.id;
}

export function changeTab(id: string, change: Partial<QueryTab>): void {
  tabs.value = tabs.value.map(tab => (tab.id === id ? { ...tab, ...change } : tab));
}

const TITLE_MAX = 24;

/** What a tab is called: its name, that of its saved query, or how its text begins. */
export function titleOf(tab: QueryTab): string {
  const named = tab.name ?? tab.saved?.name;
  if (named) return named;
  const text = tab.text.replace(/\/\/.*|\/\*[\s\S]*?\*\//g, '').slice(0, 200).replace(/\s+/g, ' ').trim();
  return text.length > TITLE_MAX ? `${text.slice(0, TITLE_MAX - 1)}…` : text;
}

/** Opens a query from another page: the Query page takes it when it is shown. */
export const handedOver = signal<Partial<Omit<QueryTab, 'id'>> | null>(null);
