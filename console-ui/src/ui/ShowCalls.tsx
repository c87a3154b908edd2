import { CodeBlock } from './CopyButton';
import { words } from './messages';

/** What a dialog is about to do, as text to copy: every act of the console can be shown as C8QL or curl. */
export function ShowCalls({ curl, c8ql }: { curl?: string; c8ql?: string }) {
  return (
    <details class="show-calls">
      <summary>{words('showCalls')}</summary>
      {c8ql && <CodeBlock label="C8QL" text={c8ql} />}
      {curl && <CodeBlock label="curl" text={curl} />}
    </details>
  );
}
