import { useState } from 'preact/hooks';

export interface Act {
  /** True while it runs; the button that starts it is off then. */
  busy: boolean;
  /** What the last try failed with; null before, and while the next one runs. */
  error: unknown;
  /** Runs it, unless one is running. What it throws becomes the error. */
  run(act: () => Promise<void> | void): Promise<void>;
  /** Takes the error away, since what it was about has changed. */
  forget(): void;
}

/** One act at a time, such as what a dialog is for. */
export function useAct(): Act {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const run = async (act: () => Promise<void> | void) => {
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      await act();
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, run, forget: () => setError(null) };
}
