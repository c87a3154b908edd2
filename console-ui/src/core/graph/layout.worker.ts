import { layOut, type LayoutTask } from './layout';

// One task for one worker; the page ends it when it wants another.
addEventListener('message', (event: MessageEvent<LayoutTask>) =>
  layOut(
    event.data,
    (positions, isFinal) => postMessage({ positions, isFinal }, { transfer: [positions.buffer] }),
    () => performance.now(),
  ),
);
