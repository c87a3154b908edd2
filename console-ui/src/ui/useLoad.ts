import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { Unreachable } from '../core/api/client';
import { whenReachable } from '../core/api/reachable';

export interface Loaded<T> {
  value: T | undefined;
  error: unknown;
  loading: boolean;
  /** Loads again; what is shown stays until the new answer is there. */
  reload(): void;
  cancel(): void;
}

/** Loads something when `keys` change, and again when a server that was away answers; what an older load answers is dropped, and leaving the page cancels. */
export function useLoad<T>(load: (signal: AbortSignal) => Promise<T>, keys: readonly unknown[]): Loaded<T> {
  const [state, setState] = useState<{ value: T | undefined; error: unknown; loading: boolean }>({ value: undefined, error: null, loading: true });
  const [round, setRound] = useState(0);
  const controller = useRef<AbortController | null>(null);
  const shownKeys = useRef<string>('');
  const reload = useCallback(() => setRound(before => before + 1), []);
  useEffect(() => {
    const mine = new AbortController();
    let stopWaiting: (() => void) | undefined;
    controller.current = mine;
    const same = shownKeys.current === JSON.stringify(keys);
    shownKeys.current = JSON.stringify(keys);
    setState(before => ({ value: same ? before.value : undefined, error: null, loading: true }));
    load(mine.signal).then(
      value => mine.signal.aborted || setState({ value, error: null, loading: false }),
      (error: unknown) => {
        if (mine.signal.aborted) return;
        setState(before => ({ value: before.value, error, loading: false }));
        // At once, not when the error is drawn: the server may answer another request before that.
        if (error instanceof Unreachable) stopWaiting = whenReachable(reload);
      },
    );
    return () => {
      mine.abort();
      stopWaiting?.();
    };
  }, [...keys, round]);
  const cancel = useCallback(() => {
    controller.current?.abort();
    setState(before => ({ ...before, loading: false, error: new Error('Cancelled') }));
  }, []);
  return { ...state, reload, cancel };
}
