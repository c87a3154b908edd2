import { useEffect, useRef } from 'preact/hooks';
import type { Editor } from '../../core/editor/editor';

/** A JSON text in the editor of the query page, which is loaded when it is first needed; `text` is put into it again whenever `version` changes. */
export function JsonEditor({ label, text, version, onChange, onSave }: { label: string; text: string; version: number; onChange(text: string): void; onSave?(): void }) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor | null>(null);
  const latest = useRef({ text, onChange, onSave });
  latest.current = { text, onChange, onSave };
  useEffect(() => {
    let left = false;
    void Promise.all([import('../../core/editor/editor'), import('@codemirror/lang-json')]).then(([{ Editor: EditorClass }, { json }]) => {
      if (left || !host.current) return;
      host.current.replaceChildren();
      editor.current = new EditorClass({ parent: host.current, text: latest.current.text, label, language: json(), onChange: value => latest.current.onChange(value), onSave: () => latest.current.onSave?.(), onRun: () => latest.current.onSave?.() });
    });
    return () => {
      left = true;
      editor.current?.destroy();
    };
  }, []);
  // What is typed comes back as `text` a moment later; putting that into the editor would undo the letters typed since.
  useEffect(() => editor.current?.replace(text), [version]);
  return <div ref={host} class="json-editor" />;
}
