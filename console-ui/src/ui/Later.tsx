import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Busy } from './Busy';
import { ErrorBox } from './ErrorBox';

const loaded = new Map<string, ComponentType<never>>();

/** A view whose code is fetched when it is first shown. `name` is what it is remembered by. */
export function later<Props extends object>(name: string, load: () => Promise<ComponentType<Props>>) {
  return function Later(props: Props) {
    const [, setRound] = useState(0);
    const [error, setError] = useState<unknown>(null);
    const View = loaded.get(name) as ComponentType<Props> | undefined;
    const fetchView = () => {
      setError(null);
      load().then(
        view => {
          loaded.set(name, view as ComponentType<never>);
          setRound(round => round + 1);
        },
        (problem: unknown) => setError(problem),
      );
    };
    useEffect(() => {
      if (!View) fetchView();
    }, []);
    if (error !== null) return <ErrorBox error={error} onRetry={fetchView} />;
    return View ? <View {...props} /> : <Busy />;
  };
}
