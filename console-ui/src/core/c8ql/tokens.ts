import { ExternalTokenizer } from '@lezer/lr';
import * as terms from './parser.terms';

/** Words that are always keywords, whatever their case. */
export const RESERVED = [
  'AGGREGATE', 'ALL', 'ALL_SHORTEST_PATHS', 'AND', 'ANY', 'ASC', 'COLLECT', 'DESC', 'DISTINCT', 'FALSE', 'FILTER', 'FOR', 'GRAPH', 'IN', 'INBOUND',
  'INSERT', 'INTO', 'K_PATHS', 'K_SHORTEST_PATHS', 'LET', 'LIKE', 'LIMIT', 'NONE', 'NOT', 'NULL', 'OR', 'OUTBOUND', 'REMOVE', 'REPLACE', 'RETURN',
  'SHORTEST_PATH', 'SORT', 'TRUE', 'UPDATE', 'UPSERT', 'WINDOW', 'WITH',
] as const;

/** Words that are keywords in one place only, and names elsewhere. */
export const CONTEXTUAL = ['KEEP', 'COUNT', 'OPTIONS', 'PRUNE', 'SEARCH', 'TO', 'AT', 'LEAST'] as const;

/** Names with a fixed meaning; their case counts. */
const PSEUDO_VARIABLES: Record<string, number> = { CURRENT: terms.CURRENT, OLD: terms.OLD, NEW: terms.NEW };

const termOf = terms as unknown as Record<string, number>;
const keywords = new Map<string, number>(RESERVED.map(word => [word, termOf[word]!]));

/** What must follow a contextual word to make it a keyword. */
const follows: Record<string, RegExp> = {
  KEEP: /^\s+[A-Za-z_$`´]/,
  COUNT: /^\s+INTO\b/i,
  OPTIONS: /^\s*[{@]/,
  PRUNE: /^\s*(?!IN\b|[.,=:)\]}[<>*/%&|?+]|$)./i,
  SEARCH: /^\s*(?!IN\b|[.,=:)\]}[<>*/%&|?+]|$)./i,
  TO: /^\s+(?!(IN|NOT|LIKE|AND|OR|ASC|DESC|RETURN|FILTER|SORT|LIMIT|LET|FOR|COLLECT|INTO|OPTIONS)\b)[A-Za-z_$`´"'@(]/i,
  AT: /^\s+LEAST\b/i,
  LEAST: /^\s*\(/,
};

const LOOK_AHEAD = 24;

const isStart = (code: number) => (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95 || code === 36;
const isPart = (code: number) => (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95 || (code >= 48 && code <= 57);

export const words = new ExternalTokenizer(
  (input, stack) => {
    if (!isStart(input.next)) return;
    let text = '';
    do {
      text += String.fromCharCode(input.next);
      input.advance();
    } while (isPart(input.next));
    if (stack.canShift(terms.AttributeName)) return input.acceptToken(terms.AttributeName);
    if (input.next === 58 && input.peek(1) === 58 && isStart(input.peek(2))) {
      do {
        input.advance();
      } while (input.next === 58 || isPart(input.next));
      return input.acceptToken(terms.QualifiedName);
    }
    input.acceptToken(wordTerm(text, () => ahead(input)));
  },
  { contextual: true },
);

function wordTerm(text: string, rest: () => string): number {
  const pseudo = PSEUDO_VARIABLES[text];
  if (pseudo !== undefined) return pseudo;
  const upper = text.toUpperCase();
  const condition = follows[upper];
  if (condition) return condition.test(rest()) ? termOf[upper]! : terms.Identifier;
  const keyword = keywords.get(upper);
  if (keyword === undefined) return terms.Identifier;
  // LIKE(text, pattern) is a call.
  return upper === 'LIKE' && /^\s*\(/.test(rest()) ? terms.Identifier : keyword;
}

function ahead(input: { peek(offset: number): number }): string {
  let text = '';
  for (let offset = 0; offset < LOOK_AHEAD; offset++) {
    const code = input.peek(offset);
    if (code < 0) break;
    text += String.fromCharCode(code);
  }
  return text;
}
