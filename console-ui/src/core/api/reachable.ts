import { effect, untracked } from '@preact/signals';
import { failedAttempts } from './client';

/** Runs something each time the server answers again after it could not be reached; returns how to stop. Only for what reads. */
export function whenReachable(run: () => void): () => void {
  let wasAway = failedAttempts.peek() > 0;
  return effect(() => {
    const isAway = failedAttempts.value > 0;
    if (wasAway && !isAway) untracked(run);
    wasAway = isAway;
  });
}
