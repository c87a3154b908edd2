import type { BindName } from '../../core/c8ql/scope';

export type BindType = 'text' | 'number' | 'boolean' | 'null' | 'json' | 'collection';

/** What was typed for a parameter, and as what it is meant. */
export interface BindEntry {
  type: BindType;
  text: string;
}

export type Binds = Record<string, BindEntry>;

export const bindTypes: readonly BindType[] = ['text', 'number', 'boolean', 'null', 'json'];

/** The `bindVars` of a run: what the text asks for and the pane holds. Names whose text is no value of their type are in `invalid`. */
export function bindVarsOf(names: readonly BindName[], entries: Binds): { bindVars: Record<string, unknown>; invalid: string[] } {
  const bindVars: Record<string, unknown> = {};
  const invalid: string[] = [];
  for (const { name, isCollection } of names) {
    const entry = entryFor(name, isCollection, entries);
    const value = valueOf(entry);
    if (value === undefined) invalid.push(name);
    else bindVars[name] = value;
  }
  return { bindVars, invalid };
}

export const entryFor = (name: string, isCollection: boolean, entries: Binds): BindEntry => {
  const entry = entries[name];
  if (isCollection) return { type: 'collection', text: entry?.text ?? '' };
  return entry && entry.type !== 'collection' ? entry : { type: 'text', text: entry?.text ?? '' };
};

/** The value an entry stands for; undefined when its text is none of its type. */
export function valueOf({ type, text }: BindEntry): unknown {
  switch (type) {
    case 'null':
      return null;
    case 'boolean':
      return text === 'true';
    case 'number':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined;
    case 'json':
      try {
        return JSON.parse(text) as unknown;
      } catch {
        return undefined;
      }
    case 'collection':
      return text || undefined;
    case 'text':
      return text;
  }
}

/** The entry that shows a value, as a saved query's default or a history entry holds it. */
export function entryOf(value: unknown): BindEntry {
  if (value === null || value === undefined) return { type: 'null', text: '' };
  if (typeof value === 'number') return { type: 'number', text: String(value) };
  if (typeof value === 'boolean') return { type: 'boolean', text: String(value) };
  if (typeof value === 'string') return { type: 'text', text: value };
  return { type: 'json', text: JSON.stringify(value) };
}

export const entriesOf = (bindVars: Record<string, unknown>): Binds => Object.fromEntries(Object.entries(bindVars).map(([name, value]) => [name, entryOf(value)]));
