import { acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, closeCompletion, completionKeymap, completionStatus, selectedCompletion, startCompletion } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab, toggleComment } from '@codemirror/commands';
import { bracketMatching, codeFolding, foldGutter, foldKeymap, indentOnInput, indentUnit } from '@codemirror/language';
import { lintGutter, lintKeymap } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, type Extension, Prec } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers, placeholder } from '@codemirror/view';
import { editorTheme } from './theme';

export interface EditorOptions {
  parent: HTMLElement;
  text: string;
  /** Name for screen readers. */
  label: string;
  placeholder?: string;
  /** The language and what belongs to it. */
  language: Extension;
  isReadOnly?: boolean;
  onChange?(text: string): void;
  onBlur?(): void;
  onRun?(text: string): void;
  onRunSelection?(text: string): void;
  onFormat?(): void;
  onSave?(): void;
}

const NARROW = '(max-width: 760px)';

/** An open editor; `destroy` it when its place goes away. */
export class Editor {
  readonly view: EditorView;
  private readonly language = new Compartment();

  constructor(private readonly options: EditorOptions) {
    this.view = new EditorView({ parent: options.parent, state: this.stateOf(options.text) });
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  /** Puts in another text; the former one can be had back by undo unless it is another document. */
  replace(text: string, isOtherDocument = false): void {
    if (isOtherDocument) this.view.setState(this.stateOf(text));
    else if (text !== this.text) this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text }, userEvent: 'input.replace' });
  }

  insert(text: string): void {
    this.view.dispatch(this.view.state.replaceSelection(text), { userEvent: 'input' });
    this.view.focus();
  }

  /** The selected text, or all of it without a selection. */
  get selectionOrAll(): string {
    const { main } = this.view.state.selection;
    return main.empty ? this.text : this.view.state.sliceDoc(main.from, main.to);
  }

  focus(): void {
    this.view.focus();
  }

  destroy(): void {
    this.view.destroy();
  }

  private stateOf(text: string): EditorState {
    const { options } = this;
    return EditorState.create({
      doc: text,
      extensions: [
        EditorView.cspNonce.of(contentNonce()),
        EditorView.contentAttributes.of({ 'aria-label': options.label, tabindex: '0', spellcheck: 'false', autocapitalize: 'off', autocorrect: 'off' }),
        keymap.of(this.commands()),
        Prec.highest(keymap.of([{ key: 'Enter', run: passWholeWord }])),
        lineNumbers(),
        foldGutter(),
        codeFolding(),
        highlightSpecialChars(),
        history(),
        drawSelection(),
        EditorState.allowMultipleSelections.of(true),
        EditorState.readOnly.of(options.isReadOnly ?? false),
        indentUnit.of('  '),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        autocompletion({ activateOnTyping: true, icons: false, maxRenderedOptions: 30 }),
        // On a phone, scrolling sideways inside a scrolling page is a fight.
        matchMedia(NARROW).matches ? EditorView.lineWrapping : [],
        // What a slow source brings after the editor was left would cover the page.
        EditorView.domEventHandlers({
          beforeinput: typeOverSelection,
          blur: (_event, view) => {
            options.onBlur?.();
            setTimeout(() => view.hasFocus || closeCompletion(view));
          },
        }),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        highlightSelectionMatches({ minSelectionLength: 3 }),
        search({ top: true }),
        lintGutter(),
        options.placeholder ? placeholder(options.placeholder) : [],
        this.language.of(options.language),
        keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap, ...completionKeymap, ...lintKeymap, { key: 'Tab', run: acceptCompletion }, indentWithTab]),
        editorTheme,
        EditorView.updateListener.of(update => {
          if (update.docChanged) options.onChange?.(update.state.doc.toString());
        }),
      ],
    });
  }

  private commands() {
    const { options } = this;
    const does = (action: (() => void) | undefined) => () => {
      action?.();
      return action !== undefined;
    };
    return [
      { key: 'Mod-Shift-Enter', run: does(options.onRunSelection && (() => options.onRunSelection!(this.selectionOrAll))) },
      { key: 'Mod-Enter', run: does(options.onRun && (() => options.onRun!(this.text))) },
      { key: 'Shift-Alt-f', run: does(options.onFormat) },
      { key: 'Mod-s', run: does(options.onSave) },
      { key: 'Mod-/', run: toggleComment },
      { key: 'Ctrl-Space', run: (view: EditorView) => completionStatus(view.state) === null && startCompletion(view) },
    ];
  }
}

/**
 * Typing over a selection. Left to itself, Chromium deletes the selected elements and carries their looks over in style attributes, which the content
 * policy refuses and logs; so the text is replaced here, by the way every typed text takes.
 */
function typeOverSelection(event: InputEvent, view: EditorView): boolean {
  const { main, ranges } = view.state.selection;
  if (event.inputType !== 'insertText' || !event.data || event.isComposing || view.composing || view.state.readOnly || main.empty || ranges.length > 1) return false;
  const text = event.data;
  const insert = () => view.state.update(view.state.replaceSelection(text), { userEvent: 'input.type', scrollIntoView: true });
  if (!view.state.facet(EditorView.inputHandler).some(handler => handler(view, main.from, main.to, text, insert))) view.dispatch(insert());
  return true;
}

/** Enter behind a word that is whole already makes a new line: there is nothing left to complete. */
function passWholeWord(view: EditorView): boolean {
  const chosen = selectedCompletion(view.state);
  const { head } = view.state.selection.main;
  if (chosen && view.state.sliceDoc(head - chosen.label.length, head) === chosen.label) closeCompletion(view);
  return false;
}

/** The nonce that the server put into the page; the editor's style sheet needs it. */
export function contentNonce(): string {
  const element = document.querySelector<HTMLElement>('meta[property="csp-nonce"], meta[name="csp-nonce"]');
  return element?.nonce || element?.getAttribute('content') || element?.getAttribute('nonce') || '';
}
