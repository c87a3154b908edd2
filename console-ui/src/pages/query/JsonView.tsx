import { json } from '@codemirror/lang-json';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { Editor } from '../../core/editor/editor';
import type { Row } from '../../core/results/columns';
import { words } from './messages';

const ROWS_MAX = 2000;
const language = json();

/** JSON to read: coloured, foldable, searchable by Ctrl+F. */
export function JsonText({ text, label }: { text: string; label: string }) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor | null>(null);
  useEffect(() => {
    editor.current = new Editor({ parent: host.current!, text, label, language, isReadOnly: true });
    return () => editor.current?.destroy();
  }, []);
  useEffect(() => editor.current?.replace(text, editor.current.text !== text), [text]);
  return <div class="json-text" ref={host} />;
}

export function JsonView({ rows }: { rows: readonly Row[] }) {
  const text = useMemo(() => JSON.stringify(rows.slice(0, ROWS_MAX), null, 2), [rows]);
  return (
    <div class="json-view">
      {rows.length > ROWS_MAX && <p class="notice">{words('jsonCut', { shown: ROWS_MAX, count: rows.length })}</p>}
      <JsonText text={text} label={words('result')} />
    </div>
  );
}
