import type { ComponentChildren } from 'preact';
import { Button } from './Button';
import { Dialog } from './Dialog';
import { ErrorBox } from './ErrorBox';
import { useAct } from './useAct';
import { words } from './messages';

export interface ActDialogProps {
  title: string;
  /** The word on the button that does it. */
  action: string;
  /** Whether it destroys something. */
  danger?: boolean;
  /** False as long as something is missing: neither the button nor Enter does it then. */
  ready: boolean;
  wide?: boolean;
  onAct(): Promise<void> | void;
  onClose(): void;
  children: ComponentChildren;
}

/** A dialog for one act: Cancel, and the button that does it. It stays open and says why when the act fails. */
export function ActDialog({ title, action, danger, ready, wide, onAct, onClose, children }: ActDialogProps) {
  const { busy, error, run } = useAct();
  return (
    <Dialog
      title={title}
      wide={wide}
      onClose={onClose}
      onSubmit={() => ready && void run(onAct)}
      actions={
        <>
          <Button onClick={onClose}>{words('cancel')}</Button>
          <Button kind={danger ? 'danger' : 'primary'} type="submit" disabled={!ready || busy}>
            {action}
          </Button>
        </>
      }
    >
      {children}
      {error !== null && <ErrorBox error={error} />}
    </Dialog>
  );
}
