import { useState } from 'preact/hooks';
import { Button } from './Button';
import { Confirm } from './Confirm';

/** The button of a thing's page that drops it, once its name is typed. */
export function DropButton({ name, action, text, onDrop }: { name: string; action: string; text: string; onDrop(): Promise<void> }) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button icon="trash" onClick={() => setAsking(true)}>
        {action}
      </Button>
      {asking && (
        <Confirm title={action} action={action} typeName={name} onClose={() => setAsking(false)} onConfirm={onDrop}>
          <p>{text}</p>
        </Confirm>
      )}
    </>
  );
}
