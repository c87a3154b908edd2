import { useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { Button } from './Button';
import { Dialog } from './Dialog';
import { ErrorBox } from './ErrorBox';
import { Field } from './Field';
import { useAct } from './useAct';
import { words } from './messages';

export interface ConfirmProps {
  title: string;
  /** What will happen, and what else goes with it. */
  children: ComponentChildren;
  /** The word on the button that does it. */
  action: string;
  /** When given, the name has to be typed before the button works. */
  typeName?: string;
  onConfirm(): Promise<void> | void;
  onClose(): void;
}

/** Asks before something is destroyed. It stays open and says why when the act fails. */
export function Confirm({ title, children, action, typeName, onConfirm, onClose }: ConfirmProps) {
  const [typed, setTyped] = useState('');
  const { busy, error, run } = useAct();
  const ready = typeName === undefined || typed === typeName;
  const submit = async () => {
    if (!ready) return;
    await run(async () => {
      await onConfirm();
      onClose();
    });
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      onSubmit={() => void submit()}
      actions={
        <>
          <Button onClick={onClose}>{words('cancel')}</Button>
          <Button kind="danger" type="submit" disabled={!ready || busy}>
            {action}
          </Button>
        </>
      }
    >
      {children}
      {typeName !== undefined && <Field label={words('typeToConfirm', { name: typeName })} value={typed} onValue={setTyped} data-first autocomplete="off" spellcheck={false} />}
      {error !== null && <ErrorBox error={error} />}
    </Dialog>
  );
}
