import { highlightCode, tagHighlighter, tags as t } from '@lezer/highlight';
import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { c8qlLanguage } from '../../core/c8ql/language';
import './queryText.css';

const classes = tagHighlighter([
  { tag: t.keyword, class: 'code-keyword' },
  { tag: t.moduleKeyword, class: 'code-write' },
  { tag: [t.operatorKeyword, t.modifier], class: 'code-keyword' },
  { tag: [t.atom, t.self, t.number], class: 'code-number' },
  { tag: t.function(t.variableName), class: 'code-function' },
  { tag: t.special(t.variableName), class: 'code-bind' },
  { tag: t.string, class: 'code-string' },
  { tag: t.comment, class: 'code-comment' },
]);

/** A query to read, coloured as in the editor; a long one is cut. */
export function QueryText({ text, lengthMax }: { text: string; lengthMax: number }) {
  const shown = text.length > lengthMax ? `${text.slice(0, lengthMax)}…` : text;
  const parts = useMemo(() => {
    const made: ComponentChildren[] = [];
    highlightCode(
      shown,
      c8qlLanguage.parser.parse(shown),
      classes,
      (code, style) => made.push(style ? <span class={style}>{code}</span> : code),
      () => made.push('\n'),
    );
    return made;
  }, [shown]);
  return (
    <pre class="query-text" tabIndex={0}>
      {parts}
    </pre>
  );
}
