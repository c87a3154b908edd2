import { useEffect, useState } from 'preact/hooks';
import { call, send } from '../api/client';
import { eventsOf } from './events';
import { withSample, type Sample, type Span } from './samples';

export interface LiveSamples {
  samples: Sample[];
  /** Whether figures come in; false while the connection is made again. */
  isLive: boolean;
  error: unknown;
}

const againAfterMilliseconds = 3000;

/** The figures of a span, and every new one as it comes. Nothing is asked while the page cannot be seen; what was missed is fetched when it can. */
export function useSamples(span: Span): LiveSamples {
  const [state, setState] = useState<LiveSamples>({ samples: [], isLive: false, error: null });
  useEffect(() => {
    let round = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const follow = async (signal: AbortSignal) => {
      try {
        const { result } = await call('listMetrics', { query: { span }, signal });
        if (signal.aborted) return;
        setState({ samples: result.samples, isLive: true, error: null });
        // A span of steps longer than a second is fetched again now and then instead of followed.
        if (span !== '5m') {
          timer = setTimeout(() => void follow(signal), result.stepSeconds * 1000);
          return;
        }
        const stream = await send('streamMetrics', { signal, timeoutMilliseconds: 0 });
        for await (const event of eventsOf(stream))
          if (event.name === 'sample') {
            const sample = JSON.parse(event.data) as Sample;
            setState(before => ({ ...before, samples: withSample(before.samples, sample, span) }));
          }
        throw new Error('The stream ended');
      } catch (error) {
        if (signal.aborted) return;
        setState(before => ({ ...before, isLive: false, error }));
        timer = setTimeout(() => void follow(signal), againAfterMilliseconds);
      }
    };
    const restart = () => {
      round.abort();
      clearTimeout(timer);
      round = new AbortController();
      if (!document.hidden) void follow(round.signal);
    };
    restart();
    document.addEventListener('visibilitychange', restart);
    return () => {
      document.removeEventListener('visibilitychange', restart);
      round.abort();
      clearTimeout(timer);
    };
  }, [span]);
  return state;
}
