import { syntaxTree } from '@codemirror/language';
import { hoverTooltip } from '@codemirror/view';
import { append, functionCard } from './completion';
import type { Catalogue } from './reference';
import { variablesAt } from './scope';

/** Explains the function, operation, variable or collection under the pointer. */
export function hoverDocumentation(catalogue: Catalogue) {
  return hoverTooltip((view, position, side) => {
    const node = syntaxTree(view.state).resolveInner(position, side);
    const text = view.state.sliceDoc(node.from, node.to);
    if (node.to - node.from > 80) return null;
    const dom = card(catalogue, node.name, text, () => variablesAt(syntaxTree(view.state), (from, to) => view.state.sliceDoc(from, to), node.to));
    return dom ? { pos: node.from, end: node.to, above: true, create: () => ({ dom }) } : null;
  });
}

function card(catalogue: Catalogue, kind: string, text: string, variables: () => { name: string; kind: string; collection?: string }[]): HTMLElement | null {
  const reference = catalogue.reference();
  const upper = text.toUpperCase();
  if (kind === 'Identifier') {
    const definition = reference.functions.find(candidate => candidate.name === upper);
    const variable = variables().find(candidate => candidate.name === text);
    if (variable) return note(text, variable.collection ? `a document of ${variable.collection}` : `a ${variable.kind} of this query`);
    const collection = catalogue.collections().find(candidate => candidate.name === text);
    if (collection) return note(text, collection.isEdge ? 'an edge collection' : 'a collection');
    if (catalogue.views().includes(text)) return note(text, 'a search view');
    return definition ? functionCard(definition) : null;
  }
  const operation = reference.operations?.find(candidate => candidate.name.split(/[\s,/]+/).includes(upper));
  if (!operation) return null;
  const dom = document.createElement('div');
  dom.className = 'c8ql-card';
  append(dom, 'code', 'c8ql-card-signature', operation.syntax);
  append(dom, 'p', '', operation.summary);
  return dom;
}

function note(name: string, text: string): HTMLElement {
  const dom = document.createElement('div');
  dom.className = 'c8ql-card';
  append(dom, 'code', 'c8ql-card-signature', name);
  append(dom, 'p', '', text);
  return dom;
}
