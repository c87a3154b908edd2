import type { ViewLink } from '../../core/api/answers';

export interface SearchedField {
  path: string;
  analyzer: string;
}

/** So many of the best are shown. */
export const HITS_MOST = 25;

export type MatchMode = 'any' | 'every' | 'phrase';

/** Every field that a view names, with its analyzer; a field without one has that of what it lies in. */
export function fieldsOf(links: Record<string, ViewLink>): SearchedField[] {
  const found = new Map<string, SearchedField>();
  const walk = (link: ViewLink, path: string, inherited: string) => {
    const analyzer = link.analyzers?.[0] ?? inherited;
    const inner = Object.entries(link.fields ?? {});
    if (path && inner.length === 0) found.set(`${path} ${analyzer}`, { path, analyzer });
    for (const [name, field] of inner) walk(field, path ? `${path}.${name}` : name, analyzer);
  };
  for (const link of Object.values(links)) walk(link, '', 'identity');
  return [...found.values()];
}

const quotedName = (name: string) => `\`${name.replaceAll('`', '')}\``;
const attribute = (path: string) => `doc.${path.split('.').map(quotedName).join('.')}`;

/** The query that searches some fields of a view for the words `@words`, best first. */
export function searchText(view: string, fields: readonly SearchedField[], mode: MatchMode): string {
  const conditions = fields.map(({ path, analyzer }) => {
    const tokens = `TOKENS(@words, "${analyzer}")`;
    const comparison = mode === 'phrase' ? `PHRASE(${attribute(path)}, @words)` : mode === 'every' ? `${tokens} ALL == ${attribute(path)}` : `${tokens} ANY == ${attribute(path)}`;
    return `ANALYZER(${comparison}, "${analyzer}")`;
  });
  return [`FOR doc IN ${quotedName(view)}`, `  SEARCH ${conditions.join('\n    OR ')}`, '  LET score = BM25(doc)', '  SORT score DESC', `  LIMIT ${HITS_MOST}`, '  RETURN { score, doc }'].join('\n');
}

/** The value at a path of a document; undefined when there is none. */
export function valueAt(document: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (value !== null && typeof value === 'object' ? (value as Record<string, unknown>)[name] : undefined), document);
}

export interface Piece {
  text: string;
  isHit: boolean;
}

/**
 * Cuts a text into what was found and the rest. A word is a hit when it begins with the same letters as a word searched for, up to the length that
 * stemming leaves of it: the server says which documents fit, this only shows where.
 */
export function highlight(text: string, words: string): Piece[] {
  const stems = words
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .map(word => plain(word).slice(0, Math.max(3, Math.ceil(word.length * 0.7))));
  const pieces: Piece[] = [];
  for (const part of text.split(/([\p{L}\p{N}]+)/u)) {
    if (part === '') continue;
    const isHit = stems.some(stem => plain(part).startsWith(stem));
    const last = pieces.at(-1);
    if (last && last.isHit === isHit) last.text += part;
    else pieces.push({ text: part, isHit });
  }
  return pieces;
}

const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** A text around its first hit, at most so many characters long. */
export function excerpt(text: string, words: string, length = 260): string {
  if (text.length <= length) return text;
  const pieces = highlight(text, words);
  let before = 0;
  for (const piece of pieces) {
    if (piece.isHit) break;
    before += piece.text.length;
  }
  const start = before >= text.length ? 0 : Math.max(0, Math.min(before - Math.floor(length / 3), text.length - length));
  return `${start > 0 ? '…' : ''}${text.slice(start, start + length)}${start + length < text.length ? '…' : ''}`;
}
