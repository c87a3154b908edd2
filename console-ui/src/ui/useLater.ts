import { useEffect, useState } from 'preact/hooks';

/** A value as it was a moment ago: what it changes at once, such as the letter in a field, is drawn before the long list that follows from it. */
export function useLater<T extends string>(value: T): T {
  const [shown, setShown] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setShown(value));
    return () => clearTimeout(timer);
  }, [value]);
  return shown;
}
