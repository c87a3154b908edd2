import { useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { ActDialog } from './ActDialog';
import { Field } from './Field';
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
  const ready = typeName === undefined || typed === typeName;
  const submit = async () => {
    await onConfirm();
    onClose();
  };
  return (
    <ActDialog title={title} action={action} danger ready={ready} onAct={submit} onClose={onClose}>
      {children}
      {typeName !== undefined && <Field label={words('typeToConfirm', { name: typeName })} value={typed} onValue={setTyped} data-first autocomplete="off" spellcheck={false} />}
    </ActDialog>
  );
}
