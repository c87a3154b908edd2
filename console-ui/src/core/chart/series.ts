import { isObject, type Row } from '../results/columns';
import type { ChartOffer } from '../results/shape';

export interface Series {
  /** What the horizontal axis holds. */
  name: string;
  /** Seconds since 1970 for times, 0, 1, 2 .. for categories. */
  x: number[];
  /** The category at each x; empty for times. */
  labels: string[];
  lines: { name: string; values: (number | null)[] }[];
}

const LINES_MAX = 6;
const POINTS_MAX = 5000;

/** What a chart draws: rows in the order of time, or as they come for categories. */
export function seriesOf(rows: readonly Row[], offer: ChartOffer, numbers: readonly string[] = offer.numbers): Series {
  const names = numbers.slice(0, LINES_MAX);
  const points = rows.filter(isObject).slice(0, POINTS_MAX).filter(row => row[offer.x] !== null && row[offer.x] !== undefined);
  const ordered = offer.isTime ? points.map(row => ({ row, at: secondsOf(row[offer.x]) })).filter(({ at }) => Number.isFinite(at)).sort((a, b) => a.at - b.at) : points.map((row, at) => ({ row, at }));
  return {
    name: offer.x,
    x: ordered.map(({ at }) => at),
    labels: offer.isTime ? [] : ordered.map(({ row }) => String(row[offer.x])),
    lines: names.map(name => ({ name, values: ordered.map(({ row }) => (typeof row[name] === 'number' ? row[name] : null)) })),
  };
}

export const secondsOf = (value: unknown) => (typeof value === 'number' ? value : Date.parse(String(value).replace(' ', 'T'))) / 1000;
