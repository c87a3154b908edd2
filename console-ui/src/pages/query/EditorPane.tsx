import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { c8ql } from '../../core/c8ql/language';
import { completionSource } from '../../core/c8ql/completion';
import { hoverDocumentation } from '../../core/c8ql/hover';
import { diagnostic, serverLinter, type QueryProblem } from '../../core/c8ql/problems';
import { c8qlLanguage } from '../../core/c8ql/language';
import { Editor } from '../../core/editor/editor';
import { setDiagnostics } from '@codemirror/lint';
import { catalogue, checkQuery } from './catalogue';
import { hintsIn } from './hints';
import { words } from './messages';

export interface EditorActions {
  run(text: string): void;
  format(): void;
  save(): void;
  change(documentId: string, text: string): void;
}

export interface EditorPaneProps {
  /** Another id shows another document, with its own undo; `text` counts only then. */
  documentId: string;
  text: string;
  actions: EditorActions;
  /** An error of the last run, to be marked in the text it ran. */
  problem: { text: string; problem: QueryProblem } | null;
  /** Takes the editor, so that others can insert and focus. */
  onEditor(editor: Editor | null): void;
}

const language = [c8ql(), c8qlLanguage.data.of({ autocomplete: completionSource(catalogue) }), hoverDocumentation(catalogue), serverLinter(checkQuery, hintsIn)];

const SHORT = 10_000;
const PAUSE_MILLISECONDS = 300;

/** The C8QL editor. The page's actions may change with every drawing; the editor is made once. */
export function EditorPane({ documentId, text, actions, problem, onEditor }: EditorPaneProps) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor | null>(null);
  const latest = useRef(actions);
  const shown = useRef(documentId);
  /** Tells what was typed and not told yet. */
  const tellNow = useRef(() => {});
  latest.current = actions;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let pending: string | null = null;
    const tell = () => {
      clearTimeout(timer);
      const changed = pending;
      pending = null;
      if (changed !== null) latest.current.change(shown.current, changed);
    };
    const made = new Editor({
      parent: host.current!,
      text,
      label: words('editorLabel'),
      placeholder: words('editorPlaceholder'),
      language,
      onChange: changed => {
        clearTimeout(timer);
        pending = null;
        // The page reads the whole text; for a long one, between two letters, that would be felt.
        if (changed.length < SHORT) latest.current.change(shown.current, changed);
        else {
          pending = changed;
          timer = setTimeout(tell, PAUSE_MILLISECONDS);
        }
      },
      onBlur: tell,
      onRun: all => latest.current.run(all),
      onRunSelection: selected => latest.current.run(selected),
      onFormat: () => latest.current.format(),
      onSave: () => latest.current.save(),
    });
    editor.current = made;
    tellNow.current = tell;
    onEditor(made);
    // Ahead of what keeps the tabs when the page goes.
    addEventListener('pagehide', tell, { capture: true });
    return () => {
      removeEventListener('pagehide', tell, { capture: true });
      tell();
      onEditor(null);
      made.destroy();
    };
  }, []);
  // The editor owns the text of its document: what comes down while somebody types is already old. Others change it through the editor.
  // Before the next key can come: letters typed between the drawing and a later effect went into the document before, or nowhere.
  useLayoutEffect(() => {
    if (shown.current === documentId) return;
    tellNow.current();
    shown.current = documentId;
    editor.current?.replace(text, true);
  }, [documentId]);
  useEffect(() => {
    const view = editor.current?.view;
    if (!view || !problem || editor.current!.text !== problem.text) return;
    view.dispatch(setDiagnostics(view.state, [diagnostic(problem.text, problem.problem)]));
  }, [problem]);
  return <div class="query-editor" ref={host} />;
}
