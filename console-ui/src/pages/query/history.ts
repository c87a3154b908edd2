import { signal } from '@preact/signals';
import { recall, remember } from '../../core/preferences';
import { session } from '../../core/session';

/** A run as the history keeps it. */
export interface HistoryEntry {
  at: number;
  fabric: string;
  text: string;
  bindVars: Record<string, unknown>;
  rows: number;
  milliseconds: number;
  error?: string;
}

const ENTRIES_MAX = 200;
/** A browser keeps some five million characters for all of the console. */
const CHARACTERS_MAX = 1_500_000;

export const entries = signal<HistoryEntry[]>([]);

const name = () => `query.history.${session.value?.tenant}.${session.value?.user}`;

export function loadHistory(): void {
  entries.value = recall<HistoryEntry[]>(name(), []);
}

/** Puts a run on top; the same text with the same values moves up instead of standing there twice. */
export function addToHistory(entry: HistoryEntry): void {
  entries.value = trimmed([entry, ...entries.value.filter(one => !(one.text === entry.text && one.fabric === entry.fabric && JSON.stringify(one.bindVars) === JSON.stringify(entry.bindVars)))]);
  remember(name(), entries.value);
}

export function clearHistory(): void {
  entries.value = [];
  remember(name(), []);
}

/** The newest runs that have room. */
export function trimmed(all: readonly HistoryEntry[], entriesMax = ENTRIES_MAX, charactersMax = CHARACTERS_MAX): HistoryEntry[] {
  let characters = 0;
  return all.slice(0, entriesMax).filter(entry => (characters += entry.text.length) <= charactersMax);
}

export function searchHistory(all: readonly HistoryEntry[], typed: string): HistoryEntry[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return all.filter(entry => words.every(word => entry.text.toLowerCase().includes(word)));
}
