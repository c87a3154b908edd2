import { type Diagnostic, linter } from '@codemirror/lint';
import type { EditorView } from '@codemirror/view';

/** An error answer of the server about a query's text. */
export interface QueryProblem {
  message: string;
  number?: number;
  position?: { line: number; column: number; offset?: number; length?: number };
  suggestion?: string;
}

/** Asks the server about a text; nothing when it is fine. */
export type QueryCheck = (text: string, signal: AbortSignal) => Promise<QueryProblem | null>;

const DELAY_MILLISECONDS = 400;
/** Above this, a check with each pause in typing would cost more than it helps; running the query tells as well. */
const LENGTH_MAX = 200_000;

/** Underlines what the server refuses, with its suggestion as a quick fix; on a text that is fine, what could do better. */
export function serverLinter(check: QueryCheck, hints: (view: EditorView) => Promise<Diagnostic[]>) {
  let running: AbortController | null = null;
  return linter(
    async view => {
      running?.abort();
      const text = view.state.doc.toString();
      if (text.trim() === '' || text.length > LENGTH_MAX) return [];
      running = new AbortController();
      const problem = await check(text, running.signal).catch(() => null);
      const found = problem ? [diagnostic(text, problem)] : await hints(view).catch(() => []);
      return view.state.doc.toString() === text ? found : [];
    },
    { delay: DELAY_MILLISECONDS },
  );
}

export function diagnostic(text: string, problem: QueryProblem): Diagnostic {
  const [from, to] = place(text, problem);
  // The editor shows the place and offers the suggestion; the words need not.
  const message = problem.message.replace(/ at position \d+:\d+/, '').replace(/; did you mean [^?]*\?/, '');
  const suggestion = problem.suggestion;
  return {
    from,
    to,
    severity: 'error',
    source: problem.number ? `error ${problem.number}` : undefined,
    message,
    actions: suggestion
      ? [{ name: `Replace by ${suggestion}`, apply: (view, start, end) => view.dispatch({ changes: { from: start, to: end, insert: suggestion } }) }]
      : [],
  };
}

/** Where in the text a problem is: the position that the answer gives, or the one that its message names. */
export function place(text: string, problem: QueryProblem): [number, number] {
  const named = /position (\d+):(\d+)/.exec(problem.message);
  const position = problem.position ?? (named ? { line: Number(named[1]), column: Number(named[2]) } : undefined);
  if (!position) return [0, Math.min(text.length, text.search(/\n|$/))];
  let from = position.offset ?? 0;
  if (position.offset === undefined) {
    for (let line = 1; line < position.line; line++) from = text.indexOf('\n', from) + 1;
    from += position.column - 1;
  }
  from = Math.max(0, Math.min(from, text.length));
  const length = position.length ?? /^([\w$@]+|[^\s\w]+)?/.exec(text.slice(from))?.[0].length ?? 0;
  // At the end of the text there is nothing to underline but what stands before it.
  if (from >= text.length) from = Math.max(0, text.trimEnd().length - 1);
  return [from, Math.min(text.length, from + Math.max(1, length))];
}
