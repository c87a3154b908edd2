import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { geoArea } from 'd3-geo';
import type { MultiPolygon } from 'geojson';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import { describe, expect, it } from 'vitest';
import atlas from 'world-atlas/countries-110m.json';
import { placeLabels, type Box } from '../../src/core/map/labels';
import { connectionsOf, lagOf, type Link } from '../../src/core/map/topology';
import { bowPath, height, place, width } from '../../src/core/map/world';
import { heatOf } from '../../src/pages/fabric/LatencyMatrix';

const drawn = atlas as unknown as Topology<{ countries: GeometryCollection; land: GeometryCollection }>;

const link = (from: string, to: string, change: Partial<Link> = {}): Link => ({ from, to, isConnected: true, isCut: false, delayMilliseconds: 0, roundTripMilliseconds: 10, lagMilliseconds: 3, recordsBehind: 0, ...change });

describe('labels', () => {
  const world: Box = { x: 0, y: 0, width: 200, height: 100 };
  const meet = (a: Box, b: Box) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

  it('stand at the right of a lonely pin', () => {
    expect(placeLabels([{ x: 50, y: 50, width: 40, height: 10 }], world)).toEqual([{ x: 59, y: 45, width: 40, height: 10 }]);
  });

  it('of near pins do not meet each other or leave the map', () => {
    const boxes = placeLabels([0, 8, 16, 24].map(step => ({ x: 150 + step, y: 50 + step / 2, width: 40, height: 10 })), world).filter(box => box !== null);
    expect(boxes.length).toBeGreaterThan(1);
    for (const [i, box] of boxes.entries()) {
      expect(box.x + box.width).toBeLessThanOrEqual(200);
      for (const other of boxes.slice(i + 1)) expect(meet(box, other)).toBe(false);
    }
  });

  it('are left out where there is no room', () => {
    expect(placeLabels([{ x: 100, y: 50, width: 300, height: 10 }], world)).toEqual([null]);
  });
});

describe('connections', () => {
  it('join what both sides tell, the worse counts', () => {
    expect(connectionsOf({ links: [link('b', 'a', { lagMilliseconds: 5 }), link('a', 'b', { roundTripMilliseconds: 12 })] })).toEqual([
      { first: 'a', second: 'b', state: 'connected', roundTripMilliseconds: 12, lagMilliseconds: 5, recordsBehind: 0 },
    ]);
  });

  it.each([
    [{ isCut: true }, 'cut'],
    [{ isConnected: false }, 'broken'],
    [{ lagMilliseconds: 5000 }, 'slow'],
  ] as const)('%o is %s', (change, state) => {
    expect(connectionsOf({ links: [link('a', 'b', change), link('b', 'a')] })[0].state).toBe(state);
  });

  it('tell how late a region is, or that nobody knows', () => {
    const links = [link('a', 'b', { lagMilliseconds: 7 }), link('c', 'b', { lagMilliseconds: null })];
    expect(lagOf({ links }, 'b')).toBe(7);
    expect(lagOf({ links }, 'a')).toBeNull();
  });
});

describe('the world', () => {
  it('has Greenwich near its middle, the east at the right and the north above', () => {
    const [x, y] = place([0, 51]);
    const [east, south] = place([139.7, -33]);
    expect(Math.abs(x - width / 2)).toBeLessThan(40);
    expect(east).toBeGreaterThan(x);
    expect(south).toBeGreaterThan(y);
    for (const point of [[-122, 37], [151, -33], [18, -34], [-58, -34.6], [174.8, -41], [25, 70]] as const) {
      const [px, py] = place(point);
      expect(px > 0 && px < width && py > 0 && py < height).toBe(true);
    }
  });

  it('is drawn from coarser outlines without turning any inside out', () => {
    const exact = JSON.parse(readFileSync(createRequire(import.meta.url).resolve('world-atlas/countries-110m.json'), 'utf8')) as typeof drawn;
    const polygonsOf = (world: typeof drawn) => {
      const land = feature(world, world.objects.land) as unknown as { features?: { geometry: MultiPolygon }[]; geometry?: MultiPolygon };
      return (land.features?.[0].geometry ?? land.geometry!).coordinates.map(coordinates => geoArea({ type: 'Polygon', coordinates }));
    };
    const areas = polygonsOf(drawn);
    const wanted = polygonsOf(exact);
    expect(JSON.stringify(drawn).length).toBeLessThan(JSON.stringify(exact).length * 0.85);
    expect(areas).toHaveLength(wanted.length);
    // An island that is turned inside out covers nearly all of the globe.
    for (const [index, area] of areas.entries()) expect(Math.abs(area - wanted[index])).toBeLessThan(0.002);
  });

  it('draws a link over the Pacific in two parts, each at an edge', () => {
    expect(bowPath([139.7, 35.7], [-122.4, 37.8]).match(/M/g)).toHaveLength(2);
    expect(bowPath([0, 51], [13, 52]).match(/M/g)).toHaveLength(1);
  });
});

describe('heat', () => {
  it('grows by doubling and ends', () => expect([1, 20, 80, 320, 5000].map(heatOf)).toEqual([0, 0, 0.5, 1, 1]));
});
