import { isObject, type Row } from './columns';

export type ChartKind = 'line' | 'bar';

/** A chart that the rows can be drawn as. */
export interface ChartOffer {
  kind: ChartKind;
  x: string;
  isTime: boolean;
  numbers: string[];
}

const SAMPLE = 300;
const DATE = /^\d{4}-\d{2}(-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?)?$/;
const TIME_NAME = /(^|_)(at|time|date|day|month|year|hour|ts|timestamp|when)$|(At|Time|Date|Timestamp)$/;
/** Milliseconds between 1980 and 2100: a number in between, under a name of time, is a moment. */
const [EARLIEST, LATEST] = [315_532_800_000, 4_102_444_800_000];

/** Offered when a number column meets a column of times or categories; null otherwise. */
export function chartOf(rows: readonly Row[], columns: readonly string[]): ChartOffer | null {
  if (rows.length < 2) return null;
  const sample = rows.slice(0, SAMPLE).filter(isObject);
  if (sample.length < 2) return null;
  const values = (column: string) => sample.map(row => row[column]).filter(value => value !== null && value !== undefined);
  const numbers: string[] = [];
  let time: string | undefined;
  let category: string | undefined;
  for (const column of columns) {
    if (/^_(id|rev|from|to)$/.test(column)) continue;
    const present = values(column);
    if (present.length === 0) continue;
    if (present.every(value => isMoment(column, value))) time ??= column;
    else if (present.every(value => typeof value === 'number')) numbers.push(column);
    else if (present.every(value => typeof value === 'string' || typeof value === 'boolean') && column !== '_key') category ??= column;
  }
  const x = time ?? category;
  if (x !== undefined && numbers.length) return { kind: time ? 'line' : 'bar', x, isTime: time !== undefined, numbers };
  return null;
}

export function isMoment(column: string, value: unknown): boolean {
  if (typeof value === 'string') return DATE.test(value);
  return typeof value === 'number' && TIME_NAME.test(column) && value > EARLIEST && value < LATEST;
}

export interface Point {
  row: number;
  latitude: number;
  longitude: number;
}

/** Places in the rows: GeoJSON points, `lat`/`lon` pairs under their usual names, or `[longitude, latitude]` under `location`. */
export function pointsOf(rows: readonly Row[]): Point[] {
  const points: Point[] = [];
  rows.forEach((row, index) => {
    const place = isObject(row) ? placeOf(row) : null;
    if (place) points.push({ row: index, longitude: place[0], latitude: place[1] });
  });
  return points;
}

const LATITUDE = ['lat', 'latitude'];
const LONGITUDE = ['lon', 'lng', 'long', 'longitude'];

function placeOf(row: Record<string, unknown>): [number, number] | null {
  const direct = geoJson(row) ?? pair(row);
  if (direct) return direct;
  for (const value of Object.values(row)) {
    const place = isObject(value) ? (geoJson(value) ?? pair(value)) : null;
    if (place) return place;
  }
  return null;
}

function geoJson(value: Record<string, unknown>): [number, number] | null {
  if (value.type !== 'Point' || !Array.isArray(value.coordinates)) return null;
  const [longitude, latitude] = value.coordinates as unknown[];
  return valid(longitude, latitude);
}

function pair(value: Record<string, unknown>): [number, number] | null {
  const find = (names: string[]) => Object.entries(value).find(([name]) => names.includes(name.toLowerCase()))?.[1];
  return valid(find(LONGITUDE), find(LATITUDE));
}

function valid(longitude: unknown, latitude: unknown): [number, number] | null {
  const isPlace = typeof longitude === 'number' && typeof latitude === 'number' && Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90;
  return isPlace ? [longitude, latitude] : null;
}
