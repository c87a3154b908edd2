import { describe, expect, it } from 'vitest';
import { seriesOf } from '../../src/core/chart/series';
import { columnsOf, compareValues, defaultColumns, layoutOf } from '../../src/core/results/columns';
import { compareRows, countChanges } from '../../src/core/results/compare';
import { pieces } from '../../src/core/results/download';
import { frameOf, placesOf, zoomed } from '../../src/core/results/places';
import { chartOf, pointsOf } from '../../src/core/results/shape';

describe('columns', () => {
  it('come from all rows, the key first and the rest of the system last', () => {
    const rows = [{ _id: 'a/1', _key: '1', _rev: 'x', name: 'Ada' }, { age: 3, name: 'Ben' }];
    expect(columnsOf(rows)).toEqual(['_key', 'name', 'age', '_id', '_rev']);
    expect(defaultColumns(columnsOf(rows))).toEqual(['_key', 'name', 'age']);
  });

  it('are one for rows that are no objects', () => expect(columnsOf([1, 'x', null])).toEqual(['value']));

  it('are as wide as the texts of the first rows, within limits, and numeric when nothing else is in them', () => {
    const rows = [{ n: 1, city: 'Ålesund', text: 'x'.repeat(500) }, { n: null, city: 7 }, { n: 12 }];
    const [n, city, text] = ['n', 'city', 'text'].map(name => layoutOf(name, rows, 10));
    expect([n.numeric, city.numeric, layoutOf('missing', rows, 10).numeric]).toEqual([true, false, false]);
    expect(city.width).toBe(7 * 10 + 26);
    expect(n.width).toBe(70);
    expect(text.width).toBe(360);
    const late = [...Array(100).fill({ a: 'x' }), { a: 'a longer text than the first hundred' }];
    expect(layoutOf('a', late, 10).width).toBe(70);
  });

  it('sort by type first', () => expect(['b', 2, null, 'a', [1], true].sort(compareValues)).toEqual([null, true, 2, 'a', 'b', [1]]));
});

describe('files', () => {
  const rows = [{ a: 'x, "y"', b: { c: 1 } }, { a: null, b: 'line\nbreak' }, { a: ' blank ' }];

  it('CSV quotes what needs it', () => {
    expect([...pieces(rows, 'csv')].join('')).toBe('a,b\r\n"x, ""y""","{""c"":1}"\r\n,"line\nbreak"\r\n" blank ",\r\n');
  });

  it('CSV takes the chosen columns', () => expect([...pieces(rows, 'csv', ['b'])].join('').split('\r\n')[0]).toBe('b'));

  it('JSON and JSONL read back as they were', () => {
    expect(JSON.parse([...pieces(rows, 'json')].join(''))).toEqual(rows);
    expect([...pieces(rows, 'jsonl')].join('').trim().split('\n').map(line => JSON.parse(line) as unknown)).toEqual(rows);
  });
});

describe('what rows can be drawn as', () => {
  it('a chart of a category and numbers', () => {
    const rows = [{ city: 'Oslo', n: 3 }, { city: 'Graz', n: 5 }];
    const offer = chartOf(rows, columnsOf(rows))!;
    expect(offer).toEqual({ kind: 'bar', x: 'city', isTime: false, numbers: ['n'] });
    expect(seriesOf(rows, offer)).toEqual({ name: 'city', x: [0, 1], labels: ['Oslo', 'Graz'], lines: [{ name: 'n', values: [3, 5] }] });
  });

  it('a line over time, in its order', () => {
    const rows = [{ day: '2026-01-02', n: 2 }, { day: '2026-01-01', n: 1 }];
    const offer = chartOf(rows, columnsOf(rows))!;
    expect(offer.isTime).toBe(true);
    expect(seriesOf(rows, offer).lines[0]!.values).toEqual([1, 2]);
  });

  it('no chart without numbers or with one row', () => {
    expect(chartOf([{ a: 'x' }, { a: 'y' }], ['a'])).toBeNull();
    expect(chartOf([{ a: 'x', n: 1 }], ['a', 'n'])).toBeNull();
  });

  it('points from GeoJSON and pairs', () => {
    expect(pointsOf([{ at: { type: 'Point', coordinates: [10, 59] } }, { lat: 47, lon: 15 }, { address: { latitude: 1, longitude: 2 } }, { lat: 900, lon: 1 }])).toEqual([
      { row: 0, longitude: 10, latitude: 59 },
      { row: 1, longitude: 15, latitude: 47 },
      { row: 2, longitude: 2, latitude: 1 },
    ]);
  });
});

describe('places on the map', () => {
  const points = [
    { row: 0, longitude: 10.75, latitude: 59.91 },
    { row: 1, longitude: 10.76, latitude: 59.92 },
    { row: 2, longitude: 15.44, latitude: 47.07 },
  ];

  it('join what is near, the largest first', () => {
    expect(placesOf(points, 1).map(place => place.rows)).toEqual([[0, 1], [2]]);
    expect(placesOf(points, 0.001)).toHaveLength(3);
  });

  it('fit into the frame, and stay in its middle when zoomed', () => {
    const frame = frameOf([[100, 100], [140, 120]], { width: 960, height: 470 }, 0.02);
    expect(frame.x).toBeLessThan(100);
    expect(frame.x + frame.width).toBeGreaterThan(140);
    expect(frame.width / frame.height).toBeCloseTo(960 / 470);
    const near = zoomed(frame, 0.5);
    expect([near.x + near.width / 2, near.y + near.height / 2]).toEqual([120, 110]);
  });
});

describe('two results compared', () => {
  it('tell what came, went and changed, by key', () => {
    const before = [{ _key: 'a', n: 1 }, { _key: 'b', n: 2 }, { _key: 'c', n: 3 }];
    const after = [{ _key: 'c', n: 3 }, { _key: 'b', n: 5, m: 1 }, { _key: 'd', n: 4 }];
    expect(compareRows(before, after).map(row => [row.change, row.attributes])).toEqual([
      ['removed', []],
      ['changed', ['n', 'm']],
      ['same', []],
      ['added', []],
    ]);
  });

  it('take rows without a key by what they hold, each once', () => {
    expect(countChanges(compareRows([1, 1, 2], [1, 2, 2]))).toEqual({ added: 1, removed: 1, changed: 0, same: 2 });
  });
});
