import type { IconName } from './Icon';

/** One thing the palette finds. */
export interface PaletteEntry {
  id: string;
  title: string;
  /** What kind it is: page, collection, action. */
  kind: string;
  icon: IconName;
  /** More words it is found by. */
  also?: string;
  run(): void;
}

type Source = () => PaletteEntry[] | Promise<PaletteEntry[]>;

const sources = new Set<Source>();

/** Adds entries to the palette while a page is open; they are asked for when the palette opens. Returns how to take them away. */
export function addPaletteSource(source: Source): () => void {
  sources.add(source);
  return () => sources.delete(source);
}

export const paletteSources = () => [...sources];

/** How well a text fits what is typed: 0 not at all; a start beats a word's start beats letters in order. Both in lower case. */
export function fit(text: string, typed: string): number {
  if (!typed) return 1;
  const inside = text.indexOf(typed);
  if (inside === 0) return 100 - text.length / 100;
  for (let at = inside; at > 0; at = text.indexOf(typed, at + 1)) if (!isLetterOrDigit(text.charCodeAt(at - 1))) return 80 - (at - 1) / 10;
  if (inside > 0) return 60 - inside / 10;
  let position = -1;
  for (const letter of typed) {
    position = text.indexOf(letter, position + 1);
    if (position < 0) return 0;
  }
  return Math.max(1, 20 - position / 10);
}

const isLetterOrDigit = (code: number) => (code >= 48 && code <= 57) || (code >= 97 && code <= 122);

/** The entries that fit best. With thousands of them this runs between two letters, so what never changes is made once. */
export function bestOf(entries: readonly PaletteEntry[], typed: string, most: number): PaletteEntry[] {
  const wanted = typed.toLowerCase().trim();
  if (!wanted) return entries.slice(0, most);
  const found: { entry: PaletteEntry; score: number }[] = [];
  for (const entry of entries) {
    const { title, all } = textsOf(entry);
    const score = Math.max(fit(title, wanted), fit(all, wanted) - 5);
    if (score > 0) found.push({ entry, score });
  }
  return found
    .sort((one, other) => other.score - one.score)
    .slice(0, most)
    .map(one => one.entry);
}

const lowered = new WeakMap<PaletteEntry, { title: string; all: string }>();

function textsOf(entry: PaletteEntry): { title: string; all: string } {
  const known = lowered.get(entry);
  if (known) return known;
  const made = { title: entry.title.toLowerCase(), all: `${entry.kind} ${entry.title} ${entry.also ?? ''}`.toLowerCase() };
  lowered.set(entry, made);
  return made;
}
