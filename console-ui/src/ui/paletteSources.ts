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

/** How well a text fits what is typed: 0 not at all; a start beats a word's start beats letters in order. */
export function fit(text: string, typed: string): number {
  if (!typed) return 1;
  const hay = text.toLowerCase();
  const needle = typed.toLowerCase().trim();
  if (hay.startsWith(needle)) return 100 - hay.length / 100;
  const word = hay.search(new RegExp(`[^a-z0-9]${needle.replace(/[^a-z0-9]/g, '\\$&')}`));
  if (word >= 0) return 80 - word / 10;
  const inside = hay.indexOf(needle);
  if (inside >= 0) return 60 - inside / 10;
  let position = -1;
  for (const letter of needle) {
    position = hay.indexOf(letter, position + 1);
    if (position < 0) return 0;
  }
  return 20 - position / 10 > 1 ? 20 - position / 10 : 1;
}
