import type { Point } from './shape';

/** Rows at one place of the world. */
export interface Place {
  longitude: number;
  latitude: number;
  rows: number[];
}

/** Rows by their place; places nearer than the grid of `degrees` are one. */
export function placesOf(points: readonly Point[], degrees: number): Place[] {
  const found = new Map<string, Place>();
  for (const { row, longitude, latitude } of points) {
    const key = `${Math.round(longitude / degrees)},${Math.round(latitude / degrees)}`;
    const place = found.get(key);
    if (place) place.rows.push(row);
    else found.set(key, { longitude, latitude, rows: [row] });
  }
  // Small places are drawn last, so that large ones do not hide them.
  return [...found.values()].sort((a, b) => b.rows.length - a.rows.length);
}

const ROOM = 1.35;

export interface Frame {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The part of the map that holds all points with room around them, in the proportion of the place it is drawn in. `whole` is that of all the map. */
export function frameOf(points: readonly (readonly [number, number])[], whole: { width: number; height: number }, smallest: number): Frame {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const share = Math.min(1, Math.max(smallest, ((right - left) / whole.width) * ROOM, ((bottom - top) / whole.height) * ROOM));
  const [width, height] = [whole.width * share, whole.height * share];
  return { x: (left + right - width) / 2, y: (top + bottom - height) / 2, width, height };
}

/** A frame made smaller or larger around its middle. */
export function zoomed(frame: Frame, factor: number): Frame {
  const [width, height] = [frame.width * factor, frame.height * factor];
  return { x: frame.x + (frame.width - width) / 2, y: frame.y + (frame.height - height) / 2, width, height };
}
