import type { SyntaxNode, Tree } from '@lezer/common';

/** A name that the query gives to something, and what is known of its fields. */
export interface Variable {
  name: string;
  kind: 'row' | 'value' | 'edge' | 'path' | 'group';
  /** The collection or view whose documents it takes. */
  collection?: string;
  /** Fields that the text itself spells out. */
  fields?: string[];
}

export interface BindName {
  /** Without the `@` of values; with one for collections, as the server's `bindVars` want it. */
  name: string;
  isCollection: boolean;
}

type Source = (from: number, to: number) => string;

const LEVELS = new Set(['Query', 'Parenthesized', 'Arguments', 'Brackets']);

/** The variables that may be used at a place of the text; inner ones hide outer ones. */
export function variablesAt(tree: Tree, source: Source, position: number): Variable[] {
  const found = new Map<string, Variable>();
  for (let node: SyntaxNode | null = tree.resolveInner(position, -1); node; node = node.parent) {
    if (!LEVELS.has(node.name)) continue;
    for (const variable of ofLevel(node, source, position)) if (!found.has(variable.name)) found.set(variable.name, variable);
  }
  return [...found.values()];
}

/** The bind parameters of a text, in the order of their first use. */
export function bindNames(tree: Tree, source: Source): BindName[] {
  const found = new Map<string, BindName>();
  tree.iterate({
    enter(node) {
      if (node.name === 'BindParameter' || node.name === 'CollectionParameter') {
        const name = source(node.from + 1, node.to);
        found.set(name, { name, isCollection: node.name === 'CollectionParameter' });
      }
    },
  });
  return [...found.values()];
}

/** Names that are read like collections: the sources of loops, targets of writes, edges of traversals. */
export function sourceNames(tree: Tree, source: Source): string[] {
  const names = new Set<string>();
  tree.iterate({
    enter(node) {
      if (node.name !== 'IN' && node.name !== 'INTO') return;
      const next = node.node.nextSibling;
      if (next?.name === 'VariableName') names.add(unquoted(source(next.from, next.to)));
    },
  });
  return [...names];
}

function ofLevel(level: SyntaxNode, source: Source, position: number): Variable[] {
  let variables: Variable[] = [];
  for (let child = level.firstChild; child; child = child.nextSibling) {
    if (child.from >= position) break;
    // A COLLECT leaves only what it names, behind it.
    if (child.name === 'Collect' && child.to < position) variables = [];
    variables.push(...declared(child, source, position));
  }
  return variables.reverse();
}

function declared(operation: SyntaxNode, source: Source, position: number): Variable[] {
  switch (operation.name) {
    case 'For':
      return [...loopVariables(operation, source, position), ...assigned(operation, source, position)];
    case 'Let':
    case 'Window':
      return assigned(operation, source, position);
    case 'Collect':
      return [...assigned(operation, source, position), ...groups(operation, source)];
    default:
      return [];
  }
}

function loopVariables(loop: SyntaxNode, source: Source, position: number): Variable[] {
  const names: Variable[] = [];
  let child = loop.firstChild?.nextSibling ?? null;
  for (; child && child.name !== 'IN'; child = child.nextSibling) names.push(...patternNames(child, source));
  // The source of a loop does not see the loop's own variables.
  const from = child?.nextSibling;
  if (!from || position <= from.to) return [];
  const isTraversal = loop.getChild('Direction') !== null;
  if (isTraversal) {
    const isPaths = loop.getChild('PathKind') !== null && !hasPathKind(loop, 'SHORTEST_PATH');
    const kinds = isPaths ? (['path'] as const) : (['row', 'edge', 'path'] as const);
    return names.map((variable, index) => ({ ...variable, kind: kinds[index] ?? 'value', ...(kinds[index] === 'edge' ? { fields: ['_key', '_id', '_from', '_to'] } : {}), ...(kinds[index] === 'path' ? { fields: ['vertices', 'edges', 'weights'] } : {}) }));
  }
  if (names.length === 1 && loop.firstChild?.nextSibling?.name === 'VariableName') Object.assign(names[0]!, shapeOfItem(from, source));
  return names;
}

function hasPathKind(loop: SyntaxNode, name: string): boolean {
  return loop.getChild('PathKind')?.getChild(name) != null;
}

/** `name = expression`, and the patterns that take an expression apart. */
function assigned(operation: SyntaxNode, source: Source, position: number): Variable[] {
  const found: Variable[] = [];
  for (let child = operation.firstChild; child; child = child.nextSibling) {
    if (child.nextSibling?.name !== 'Assign') continue;
    const value = child.nextSibling.nextSibling;
    if (!value || value.to >= position) continue;
    const names = patternNames(child, source);
    if (child.name === 'VariableName' && names[0]) Object.assign(names[0], shape(value, source));
    found.push(...names);
  }
  return found;
}

function groups(collect: SyntaxNode, source: Source): Variable[] {
  const into = collect.getChild('INTO');
  const name = into?.nextSibling;
  if (name?.name !== 'VariableName') return [];
  const isCount = into?.prevSibling?.name === 'COUNT';
  return [{ name: unquoted(source(name.from, name.to)), kind: isCount ? 'value' : 'group' }];
}

function patternNames(node: SyntaxNode, source: Source): Variable[] {
  if (node.name === 'VariableName') return [{ name: unquoted(source(node.from, node.to)), kind: 'value' }];
  const names: Variable[] = [];
  if (node.name === 'Array' || node.name === 'Brackets') {
    for (let child = node.firstChild; child; child = child.nextSibling) names.push(...patternNames(child, source));
  } else if (node.name === 'Object') {
    for (const property of node.getChildren('Property')) {
      const target = property.getChild('Colon')?.nextSibling;
      const key = property.firstChild!;
      names.push(...(target ? patternNames(target, source) : [{ name: unquoted(source(key.from, key.to)), kind: 'value' as const }]));
    }
  }
  return names;
}

/** What is known of the items of a loop's source. */
function shapeOfItem(from: SyntaxNode, source: Source): Partial<Variable> {
  if (from.name === 'VariableName') return { kind: 'row', collection: unquoted(source(from.from, from.to)) };
  if (from.name === 'CollectionParameter') return { kind: 'row', collection: source(from.from, from.to) };
  if (from.name === 'Array') {
    const first = from.getChild('Brackets')?.getChild('Object');
    return first ? shape(first, source) : {};
  }
  if (from.name === 'Parenthesized') {
    const returned = from.getChild('Return')?.getChild('Object');
    return returned ? shape(returned, source) : {};
  }
  return {};
}

function shape(value: SyntaxNode, source: Source): Partial<Variable> {
  if (value.name !== 'Object') return {};
  const fields = value.getChildren('Property').map(property => {
    const key = property.firstChild!;
    return unquoted(source(key.from, key.to));
  });
  return { fields };
}

/** A name without its ticks or quotation marks. */
export function unquoted(text: string): string {
  return /^["'`´]/.test(text) ? text.slice(1, text.endsWith(text[0]!) && text.length > 1 ? -1 : undefined).replace(/\\(.)/g, '$1') : text;
}
