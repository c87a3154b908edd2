import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { words } from './messages';
import { Button } from './Button';

export interface DialogProps {
  title: string;
  onClose(): void;
  /** Pressing Enter in a field or the submit button; a dialog without it only shows. */
  onSubmit?(): void;
  /** The buttons, from left to right; the last is the one that does it. */
  actions?: ComponentChildren;
  wide?: boolean;
  /** A panel at the right edge instead of a box in the middle. */
  drawer?: boolean;
  children: ComponentChildren;
}

/** A modal dialog: the browser's own element keeps the focus inside and gives it back afterwards. Escape closes. */
export function Dialog({ title, onClose, onSubmit, actions, wide, drawer, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const dialog = element.current!;
    const before = document.activeElement as HTMLElement | null;
    dialog.showModal();
    dialog.querySelector<HTMLElement>('[data-first]')?.focus();
    return () => {
      dialog.close();
      before?.focus?.();
    };
  }, []);
  return (
    <dialog
      ref={element}
      class={['dialog', wide && 'wide', drawer && 'drawer'].filter(Boolean).join(' ')}
      aria-labelledby={heading}
      onCancel={event => {
        event.preventDefault();
        onClose();
      }}
      onKeyDown={event => event.stopPropagation()}
      onMouseDown={event => event.target === element.current && onClose()}
    >
      <form
        method="dialog"
        onSubmit={event => {
          event.preventDefault();
          onSubmit?.();
        }}
      >
        <header>
          <h2 id={heading}>{title}</h2>
          <Button kind="quiet" icon="close" label={words('close')} onClick={onClose} />
        </header>
        <div class="dialog-body">{children}</div>
        {actions && <footer>{actions}</footer>}
      </form>
    </dialog>
  );
}
