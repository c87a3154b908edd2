import { useEffect, useRef, useState } from 'preact/hooks';

export interface Live<T> {
  value: T | undefined;
  /** What the last try ended with; null after an answer. The last value stays. */
  error: unknown;
  /** When the value came, in milliseconds since 1970. */
  at: number | null;
  reload(): void;
}

/**
 * Asks again and again while the page can be seen, the next time only after an answer; leaving the page stops it. When `keys` change it asks at once, and
 * the last value stays until there is an answer.
 */
export function useLive<T>(ask: (signal: AbortSignal) => Promise<T>, everyMilliseconds: number, keys: readonly unknown[] = []): Live<T> {
  const [state, setState] = useState<Omit<Live<T>, 'reload'>>({ value: undefined, error: null, at: null });
  const again = useRef<() => void>(() => undefined);
  useEffect(() => {
    const stopped = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let asking = false;
    const next = async () => {
      clearTimeout(timer);
      if (asking || stopped.signal.aborted) return;
      asking = true;
      try {
        const value = await ask(stopped.signal);
        if (!stopped.signal.aborted) setState({ value, error: null, at: Date.now() });
      } catch (error) {
        if (!stopped.signal.aborted) setState(before => ({ ...before, error }));
      }
      asking = false;
      if (!document.hidden && !stopped.signal.aborted) timer = setTimeout(() => void next(), everyMilliseconds);
    };
    const seen = () => document.hidden || void next();
    document.addEventListener('visibilitychange', seen);
    again.current = () => void next();
    void next();
    return () => {
      stopped.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', seen);
    };
  }, keys);
  return { ...state, reload: () => again.current() };
}
