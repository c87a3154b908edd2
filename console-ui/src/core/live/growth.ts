import { spans, type Sample, type Span } from './samples';

export interface Growth {
  bytesPerSecond: number;
  /** What it was measured over. */
  milliseconds: number;
  /** When the disk will be full at this rate; null when the storage does not grow, or the disk is not known. */
  fullInSeconds: number | null;
}

/** Less than this part of the span says too little. */
const leastShare = 0.2;

/** How the storage has grown over the samples, by the line that fits them best; null when they are too few to say. */
export function growthOf(samples: readonly Sample[], span: Span): Growth | null {
  const [first, last] = [samples.at(0), samples.at(-1)];
  if (!first || !last) return null;
  const milliseconds = last.at - first.at;
  if (samples.length < 3 || milliseconds < spans[span].milliseconds * leastShare) return null;
  const middle = samples.reduce((sum, one) => sum + (one.at - first.at), 0) / samples.length;
  const size = samples.reduce((sum, one) => sum + one.storageBytes, 0) / samples.length;
  let [together, alone] = [0, 0];
  for (const one of samples) {
    const away = one.at - first.at - middle;
    together += away * (one.storageBytes - size);
    alone += away * away;
  }
  const bytesPerSecond = (together / alone) * 1000;
  // Less than a byte a second is what rounding leaves of a size that stays.
  const grows = bytesPerSecond >= 1;
  return { bytesPerSecond: grows || bytesPerSecond <= -1 ? bytesPerSecond : 0, milliseconds, fullInSeconds: grows && last.diskFreeBytes !== undefined ? last.diskFreeBytes / bytesPerSecond : null };
}
