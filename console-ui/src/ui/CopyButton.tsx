import { useState } from 'preact/hooks';
import { Button, type ButtonProps } from './Button';
import { toast } from './Toast';
import { words } from './messages';

/** Puts a text on the clipboard, also where the browser has no clipboard API (plain http on another host). */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    // A modal dialog makes the rest of the page unreachable, so the text is put into it.
    const host = document.activeElement?.closest('dialog') ?? document.body;
    host.append(area);
    area.select();
    const copied = document.execCommand('copy');
    area.remove();
    return copied;
  }
}

export function CopyButton({ text, children, label, ...rest }: Omit<ButtonProps, 'onClick'> & { text: string | (() => string | Promise<string>) }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    if (await copyText(typeof text === 'string' ? text : await text())) {
      setCopied(true);
      setTimeout(() => setCopied(false), 1500);
    } else toast({ kind: 'bad', text: words('copyRefused') });
  };
  return (
    <Button small icon={copied ? 'check' : 'copy'} label={children ? undefined : (label ?? words('copy'))} onClick={() => void copy()} {...rest}>
      {children && (copied ? words('copied') : children)}
    </Button>
  );
}

/** A block of text to copy: a C8QL line, a curl call. */
export function CodeBlock({ text, label }: { text: string; label?: string }) {
  return (
    <figure class="code-block">
      {label && <figcaption>{label}</figcaption>}
      <pre tabIndex={0}>
        <code>{text}</code>
      </pre>
      <CopyButton kind="quiet" text={text} />
    </figure>
  );
}
