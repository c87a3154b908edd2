import { useEffect, useState } from 'preact/hooks';
import { formatDuration } from '../core/messages';
import { Button } from './Button';
import { words } from './messages';

/** How long something has been running, in milliseconds; counts while `running`. */
export function useElapsed(running: boolean): number {
  const [elapsed, setElapsed] = useState(0);
  useEffect(() => {
    if (!running) return;
    const started = performance.now();
    setElapsed(0);
    const timer = setInterval(() => setElapsed(performance.now() - started), 100);
    return () => clearInterval(timer);
  }, [running]);
  return elapsed;
}

/** Waiting is never a bare spinner: what is waited for, for how long, and how to stop it. It shows only after a moment. */
export function Busy({ what, onCancel }: { what?: string; onCancel?(): void }) {
  const elapsed = useElapsed(true);
  if (elapsed < 250) return <div class="busy" />;
  return (
    <div class="busy" role="status">
      <span class="spinner" aria-hidden="true" />
      <span>{what ?? words('loading')}</span>
      <span class="numbers" aria-hidden="true">
        {formatDuration(Math.floor(elapsed / 100) * 100)}
      </span>
      {onCancel && (
        <Button small onClick={onCancel}>
          {words('cancel')}
        </Button>
      )}
    </div>
  );
}
