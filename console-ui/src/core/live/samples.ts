/** The server's caches. */
export const cacheNames = ['plans', 'keys', 'patterns'] as const;

export type CacheName = (typeof cacheNames)[number];

/** The figures that are numbers, and can be drawn. */
export type Figure = { [Key in keyof Sample]-?: Sample[Key] extends number | null ? Key : never }[keyof Sample];

/** What a server did in one step of time. A figure that is not known is null. */
export interface Sample {
  /** Milliseconds since 1970. */
  at: number;
  requestsPerSecond: number;
  writesPerSecond: number;
  /** Answers 5xx. */
  errorsPerSecond: number;
  /** Answers 4xx. */
  refusedPerSecond: number;
  p50Milliseconds: number | null;
  p99Milliseconds: number | null;
  storageBytes: number;
  memoryBytes: number;
  connections: number;
  runningQueries: number;
  /** Of the disk with the data; only an administrator of the server learns it. */
  diskFreeBytes?: number;
  diskTotalBytes?: number;
  /** Hits and misses of each cache within the step. */
  caches?: Partial<Record<CacheName, [hits: number, misses: number]>>;
}

export type Span = '5m' | '1h' | '24h';

export const spans: Record<Span, { milliseconds: number; step: number }> = {
  '5m': { milliseconds: 300_000, step: 1000 },
  '1h': { milliseconds: 3_600_000, step: 10_000 },
  '24h': { milliseconds: 86_400_000, step: 60_000 },
};

/** The samples with one more at the end, without those that have left the span. A sample of a time that is there already is dropped. */
export function withSample(samples: readonly Sample[], next: Sample, span: Span): Sample[] {
  const last = samples.at(-1);
  if (last && next.at <= last.at) return samples as Sample[];
  const oldest = next.at - spans[span].milliseconds;
  const first = samples.findIndex(sample => sample.at > oldest);
  return [...(first < 0 ? [] : samples.slice(first)), next];
}

/** Seconds and one row for each figure, as charts take them; a step without a sample becomes a gap. */
export function columnsOf(samples: readonly Sample[], figures: readonly Figure[], span: Span): (number | null)[][] {
  const gap = spans[span].step * 3;
  const columns: (number | null)[][] = [[], ...figures.map(() => [])];
  let before: Sample | undefined;
  for (const sample of samples) {
    if (before && sample.at - before.at > gap) {
      columns[0].push((before.at + spans[span].step) / 1000);
      for (let i = 1; i < columns.length; i++) columns[i].push(null);
    }
    columns[0].push(sample.at / 1000);
    for (const [i, figure] of figures.entries()) columns[i + 1].push(sample[figure] ?? null);
    before = sample;
  }
  return columns;
}

/** How often each cache was asked in all the samples, and how often it had what was asked for. */
export function cachesOf(samples: readonly Sample[]): Record<CacheName, { hits: number; asked: number }> {
  const sums = Object.fromEntries(cacheNames.map(name => [name, { hits: 0, asked: 0 }])) as Record<CacheName, { hits: number; asked: number }>;
  for (const sample of samples)
    for (const name of cacheNames) {
      const [hits, misses] = sample.caches?.[name] ?? [0, 0];
      sums[name].hits += hits;
      sums[name].asked += hits + misses;
    }
  return sums;
}
