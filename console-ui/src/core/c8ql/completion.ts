import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { ensureSyntaxTree, syntaxTree } from '@codemirror/language';
import type { SyntaxNode } from '@lezer/common';
import type { Catalogue, CatalogueCollection, FunctionReference } from './reference';
import { bindNames, sourceNames, unquoted, variablesAt } from './scope';
import { CONTEXTUAL, RESERVED } from './tokens';

const WORD = /[A-Za-z_$][A-Za-z0-9_]*$/;
const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const SYSTEM_FIELDS = ['_key', '_id', '_rev'];
const reserved = new Set<string>(RESERVED);
const KEYWORDS = [...RESERVED, ...CONTEXTUAL];

/** Completes keywords, functions, collections, graphs, views, variables, bind names and fields. */
export function completionSource(catalogue: Catalogue) {
  return (context: CompletionContext): CompletionResult | null | Promise<CompletionResult | null> => {
    const node = treeOf(context).resolveInner(context.pos, -1);
    if (['LineComment', 'BlockComment', 'Number'].includes(node.name)) return null;
    const source = (from: number, to: number) => context.state.sliceDoc(from, to);
    const before = source(Math.max(0, context.pos - 200), context.pos);

    if (node.name === 'String' || isInOpenString(node, before)) return graphNames(catalogue, context, node, source);
    const bind = /@@?[A-Za-z0-9_]*$/.exec(before);
    if (bind) return bindCompletions(context, source, bind[0]);
    const member = memberChain(node, context.pos, source);
    if (member) return fieldCompletions(catalogue, context, member, source);
    const word = WORD.exec(before);
    if (!word && !context.explicit) return null;
    return wordCompletions(catalogue, context, context.pos - (word?.[0].length ?? 0), source);
  };
}

const PARSE_MILLISECONDS = 200;

/** The tree up to the cursor; a long text may not be parsed that far yet. */
const treeOf = (context: CompletionContext) => ensureSyntaxTree(context.state, context.pos, PARSE_MILLISECONDS) ?? syntaxTree(context.state);

const isInOpenString = (node: SyntaxNode, before: string) => node.type.isError && /GRAPH\s+["'][^"']*$/i.test(before);

function graphNames(catalogue: Catalogue, context: CompletionContext, node: SyntaxNode, source: (from: number, to: number) => string): CompletionResult | null {
  const start = node.name === 'String' || /^["']/.test(source(node.from, node.to)) ? node.from : context.pos;
  if (!/GRAPH\s+$/i.test(source(Math.max(0, start - 20), start))) return null;
  return { from: start + 1, options: catalogue.graphs().map(name => ({ label: name, type: 'graph', detail: 'graph' })), validFor: /^[\w-]*$/ };
}

function bindCompletions(context: CompletionContext, source: (from: number, to: number) => string, typed: string): CompletionResult {
  const options = bindNames(treeOf(context), source)
    .map(bind => `@${bind.name}`)
    .filter(label => label !== typed)
    .map((label): Completion => ({ label, type: 'bind', detail: 'bind parameter' }));
  return { from: context.pos - typed.length, options, validFor: /^@@?\w*$/ };
}

interface Chain {
  base: string;
  path: string[];
  from: number;
}

/** For `doc.address.ci|`: the variable `doc`, the path `address`, and where `ci` starts. */
function memberChain(node: SyntaxNode, position: number, source: (from: number, to: number) => string): Chain | null {
  let member: SyntaxNode | null = node;
  while (member && member.name !== 'Member') member = member.to >= position && member.parent && member.parent.to === member.to ? member.parent : null;
  if (!member) return null;
  const dot = member.getChildren('.').at(-1);
  if (!dot || dot.to > position) return null;
  const path: string[] = [];
  let object: SyntaxNode | null = member.firstChild;
  for (; object && object.name !== 'VariableName'; object = object.firstChild) {
    if (object.name === 'Member') {
      const name = object.lastChild!;
      path.unshift(unquoted(source(name.from, name.to)));
    } else if (object.name === 'Index') path.unshift('[*]');
    else return null;
  }
  return object ? { base: unquoted(source(object.from, object.to)), path, from: dot.to } : null;
}

async function fieldCompletions(catalogue: Catalogue, context: CompletionContext, chain: Chain, source: (from: number, to: number) => string): Promise<CompletionResult | null> {
  const tree = treeOf(context);
  const variable = variablesAt(tree, source, chain.from).find(candidate => candidate.name === chain.base);
  const collections = catalogue.collections().map(collection => collection.name);
  const asked = variable?.collection ? [variable.collection] : !variable && collections.includes(chain.base) ? [chain.base] : [];
  // Behind OLD and NEW, and where a variable has no origin, all collections of the text are worth a look.
  const names = asked.length || variable?.fields ? asked : sourceNames(tree, source).filter(name => collections.includes(name));
  const paths = new Set<string>(variable?.fields ?? []);
  for (const name of names) for (const path of await catalogue.fields(name)) paths.add(path);
  if (names.length && chain.path.length === 0) for (const field of SYSTEM_FIELDS) paths.add(field);
  const options = childFields(paths, chain.path).map((field): Completion => ({ label: field, type: 'property', detail: names[0], apply: quotedName(field) }));
  return options.length ? { from: chain.from, options, validFor: /^[\w$]*$/ } : null;
}

/** The fields right below a path: of `address.zip` and `tags[*].name`, `zip` below `address` and `name` below `tags`, `[*]`. */
export function childFields(paths: Iterable<string>, below: readonly string[]): string[] {
  const found = new Set<string>();
  for (const path of paths) {
    const steps = path.replace(/\[\*\]/g, '.[*]').split('.');
    if (steps.length > below.length && below.every((step, index) => steps[index] === step)) found.add(steps[below.length]!);
  }
  found.delete('[*]');
  return [...found];
}

function wordCompletions(catalogue: Catalogue, context: CompletionContext, from: number, source: (from: number, to: number) => string): CompletionResult {
  const before = source(Math.max(0, from - 40), from);
  const afterFor = /\bFOR\s+$/i.test(before);
  if (afterFor) return { from, options: [] };
  const wantsSource = /\b(IN|INTO|WITH|OUTBOUND|INBOUND|ANY)\s+$/i.test(before);
  const collections = collectionCompletions(catalogue.collections(), wantsSource ? 50 : -5);
  const offered = bestFitting(collections, source(from, context.pos), OFFERED_MOST);
  const options: Completion[] = [
    ...variablesAt(treeOf(context), source, from).map((variable): Completion => ({ label: variable.name, type: 'variable', detail: variable.collection ?? variable.kind, boost: 30, apply: quotedName(variable.name) })),
    ...offered,
    ...catalogue.views().map((name): Completion => ({ label: name, type: 'view', detail: 'search view', boost: wantsSource ? 40 : -10, apply: quotedName(name) })),
    ...KEYWORDS.map((label): Completion => ({ label, type: 'keyword', boost: wantsSource ? -20 : 10 })),
    ...catalogue.reference().functions.map(functionCompletion),
  ];
  if (/\bGRAPH\s+$/i.test(before)) options.push(...catalogue.graphs().map((name): Completion => ({ label: name, type: 'graph', detail: 'graph', boost: 60, apply: JSON.stringify(name) })));
  // What was left out may fit the next letters.
  return { from, options, validFor: offered.length === collections.length ? /^[\w$]*$/ : undefined };
}

const OFFERED_MOST = 200;

/** Of thousands of names those that fit what is typed: the editor weighs each option it gets, between two letters. */
export function bestFitting<Option extends { label: string }>(options: readonly Option[], typed: string, most: number): readonly Option[] {
  if (options.length <= most) return options;
  const wanted = typed.toLowerCase();
  const starting: Option[] = [];
  const containing: Option[] = [];
  const scattered: Option[] = [];
  for (const option of options) {
    const name = option.label.toLowerCase();
    const inside = name.indexOf(wanted);
    if (inside === 0) starting.push(option);
    else if (inside > 0) containing.push(option);
    else if (containing.length + scattered.length < most && hasInOrder(name, wanted)) scattered.push(option);
    if (starting.length === most) break;
  }
  return [...starting, ...containing, ...scattered].slice(0, most);
}

function hasInOrder(text: string, letters: string): boolean {
  let at = -1;
  for (const letter of letters) {
    at = text.indexOf(letter, at + 1);
    if (at < 0) return false;
  }
  return true;
}

// A fabric may have thousands, and this runs between two letters; the list is another object when it has changed.
const ofCollections = new WeakMap<readonly CatalogueCollection[], Map<number, Completion[]>>();

function collectionCompletions(collections: readonly CatalogueCollection[], boost: number): Completion[] {
  const byBoost = ofCollections.get(collections) ?? new Map<number, Completion[]>();
  ofCollections.set(collections, byBoost);
  const known = byBoost.get(boost);
  if (known) return known;
  const made = collections.map(({ name, isEdge }): Completion => ({ label: name, type: 'collection', detail: isEdge ? 'edge collection' : 'collection', boost, apply: quotedName(name) }));
  byBoost.set(boost, made);
  return made;
}

function functionCompletion(definition: FunctionReference): Completion {
  return {
    label: definition.name,
    type: 'function',
    detail: definition.signature.replace(/^[^(]*/, ''),
    boost: -1,
    info: () => functionCard(definition),
    apply: (view, _completion, from, to) => {
      const hasBracket = view.state.sliceDoc(to, to + 1) === '(';
      const insert = hasBracket ? definition.name : `${definition.name}()`;
      const anchor = from + definition.name.length + (definition.maxArguments === 0 ? (hasBracket ? 0 : 2) : 1);
      view.dispatch({ changes: { from, to, insert }, selection: { anchor }, userEvent: 'input.complete' });
    },
  };
}

/** What a function does, for the completion list and for hovering. */
export function functionCard(definition: FunctionReference): HTMLElement {
  const card = document.createElement('div');
  card.className = 'c8ql-card';
  append(card, 'code', 'c8ql-card-signature', definition.signature);
  append(card, 'p', '', definition.summary);
  if (definition.example) append(card, 'code', 'c8ql-card-example', `${definition.example}  →  ${definition.exampleResult}`);
  return card;
}

export function append(parent: HTMLElement, tag: string, className: string, text: string): HTMLElement {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.textContent = text;
  parent.append(element);
  return element;
}

/** A name as it must stand in a query: in backticks unless it is plain and no keyword. */
export function quotedName(name: string): string {
  const isPlain = PLAIN_NAME.test(name) && !reserved.has(name.toUpperCase());
  return isPlain || name.startsWith('@') ? name : `\`${name.replace(/[`\\]/g, '\\$&')}\``;
}
