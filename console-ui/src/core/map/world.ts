import { geoNaturalEarth1, geoPath, type GeoProjection } from 'd3-geo';
import { feature, mesh } from 'topojson-client';
import type { GeometryCollection, Topology as Atlas } from 'topojson-specification';
import atlas from 'world-atlas/countries-110m.json';

/** The size of the drawing, in its own units. */
export const width = 960;
export const height = 470;

const world = atlas as unknown as Atlas<{ countries: GeometryCollection; land: GeometryCollection }>;

// Without the ice of the south there is more room for the rest.
const projection: GeoProjection = geoNaturalEarth1().scale(178).translate([width / 2 - 12, height / 2 + 38]);
const draw = geoPath(projection);

export const landPath = draw(feature(world, world.objects.land)) ?? '';
export const borderPath = draw(mesh(world, world.objects.countries, (a, b) => a !== b)) ?? '';

export type Point = readonly [longitude: number, latitude: number];

/** Where a place is in the drawing. */
export function place(point: Point): readonly [x: number, y: number] {
  return projection([point[0], point[1]]) ?? [0, 0];
}

// From one edge of the map to the other, along the equator.
const around = place([180, 0])[0] - place([-180, 0])[0];

/**
 * A bow between two places, the short way around the world: over the Pacific it leaves the drawing at one edge and comes back at the other.
 * A great circle would be the true way, but runs along the edge of the map for places on opposite sides of it.
 */
export function bowPath(from: Point, to: Point): string {
  const [x1, y1] = place(from);
  const [x2, y2] = place(to);
  if (Math.abs(from[0] - to[0]) <= 190) return bow(x1, y1, x2, y2);
  const turn = from[0] < to[0] ? around : -around;
  return `${bow(x1, y1, x2 - turn, y2)}${bow(x1 + turn, y1, x2, y2)}`;
}

function bow(x1: number, y1: number, x2: number, y2: number): string {
  const rise = Math.hypot(x2 - x1, y2 - y1) * 0.16;
  const round = (value: number) => Math.round(value * 10) / 10;
  return `M${round(x1)} ${round(y1)}Q${round((x1 + x2) / 2)} ${round((y1 + y2) / 2 - rise)} ${round(x2)} ${round(y2)}`;
}
