import type { Diagnostic } from '@codemirror/lint';
import type { SyntaxNode, Tree } from '@lezer/common';
import { unquoted } from './scope';

/** What the hints need to know of a collection. */
export interface CollectionFacts {
  /** Approximate. */
  count: number;
  /** The first fields of its indexes. */
  indexedFields: readonly string[];
}

/** A place of a text that works but could do better. */
export type Hint = { from: number; to: number } & ({ kind: 'no limit'; collection: string; count: number } | { kind: 'function on index'; collection: string; field: string; function: string });

/** From so many documents on, returning all of them is worth a word. */
const MANY = 5000;

const ENDINGS = new Set(['Limit', 'Collect', 'Insert', 'Update', 'Replace', 'Remove', 'Upsert']);

/** Loops that return a whole large collection, and filters that hide an indexed field inside a function. */
export function hintsOf(tree: Tree, source: (from: number, to: number) => string, factsOf: (collection: string) => CollectionFacts | undefined): Hint[] {
  const hints: Hint[] = [];
  const top = tree.topNode;
  const loops = top.getChildren('For').map(loop => ({ loop, ...rowsOf(loop, source) }));
  const first = loops[0];
  const isBounded = childNames(top).some(name => ENDINGS.has(name) || name === 'Filter');
  if (first?.collection && loops.length === 1 && !isBounded) {
    const count = factsOf(first.collection)?.count ?? 0;
    if (count >= MANY) hints.push({ kind: 'no limit', from: first.loop.from, to: first.loop.to, collection: first.collection, count });
  }
  for (const filter of top.getChildren('Filter')) {
    for (const { variable, collection } of loops) {
      const fields = collection ? (factsOf(collection)?.indexedFields ?? []) : [];
      if (variable && fields.length) hints.push(...hiddenFields(filter, variable, collection!, fields, source));
    }
  }
  return hints;
}

/** The variable and the collection of `FOR variable IN collection`. */
function rowsOf(loop: SyntaxNode, source: (from: number, to: number) => string): { variable?: string; collection?: string } {
  const variable = loop.firstChild?.nextSibling;
  const from = variable?.nextSibling?.name === 'IN' ? variable.nextSibling.nextSibling : null;
  if (variable?.name !== 'VariableName' || from?.name !== 'VariableName' || loop.getChild('Direction')) return {};
  return { variable: source(variable.from, variable.to), collection: unquoted(source(from.from, from.to)) };
}

function hiddenFields(filter: SyntaxNode, variable: string, collection: string, fields: readonly string[], source: (from: number, to: number) => string): Hint[] {
  const hints: Hint[] = [];
  filter.cursor().iterate(node => {
    if (node.name !== 'Call') return true;
    const call = node.node;
    for (const argument of call.getChild('Arguments')?.getChildren('Member') ?? []) {
      const path = source(argument.from, argument.to);
      const field = fields.find(one => path === `${variable}.${one}`);
      if (field) hints.push({ kind: 'function on index', from: call.from, to: call.to, collection, field, function: source(call.from, call.firstChild!.to) });
    }
    return false;
  });
  return hints;
}

function childNames(node: SyntaxNode): string[] {
  const names: string[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) names.push(child.name);
  return names;
}

/** Hints as the editor shows them. */
export const hintDiagnostics = (hints: readonly Hint[], text: (hint: Hint) => string): Diagnostic[] => hints.map(hint => ({ from: hint.from, to: hint.to, severity: 'info', message: text(hint) }));
