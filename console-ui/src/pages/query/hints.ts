import { syntaxTree } from '@codemirror/language';
import type { Diagnostic } from '@codemirror/lint';
import type { EditorView } from '@codemirror/view';
import { type Hint, hintDiagnostics, hintsOf } from '../../core/c8ql/hints';
import { sourceNames } from '../../core/c8ql/scope';
import { collections } from '../../core/catalogue';
import { factsOf } from './facts';
import { words } from './messages';

/** What the text of an editor could do better, by what is known of its collections. */
export async function hintsIn(view: EditorView): Promise<Diagnostic[]> {
  const tree = syntaxTree(view.state);
  const source = (from: number, to: number) => view.state.sliceDoc(from, to);
  const names = sourceNames(tree, source).filter(name => collections.value?.some(one => one.name === name));
  const facts = new Map(await Promise.all(names.map(async name => [name, await factsOf(name)] as const)));
  return hintDiagnostics(hintsOf(tree, source, name => facts.get(name)), textOf);
}

const textOf = (hint: Hint): string =>
  hint.kind === 'no limit' ? words('hintNoLimit', { count: hint.count, collection: hint.collection }) : words('hintFunction', { function: hint.function, field: hint.field, collection: hint.collection });
