import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { formatNumber } from '../../core/messages';
import { borderPath, height, landPath, place, width } from '../../core/map/world';
import { cellOf, cellText, type Row } from '../../core/results/columns';
import { type Frame, frameOf, placesOf, zoomed } from '../../core/results/places';
import type { Point } from '../../core/results/shape';
import { Button } from '../../ui/Button';
import { words } from './messages';
import { RowDialog } from './TableView';

/** Below the smallest share of the world, the coast lines are too coarse to say where one is. */
const [SMALLEST, PINS_MAX, STEP] = [0.07, 1500, 0.7];

/** Rows that hold places as pins on the offline map; a pin opens its rows, the table holds the same. */
export function MapView({ rows, points }: { rows: readonly Row[]; points: readonly Point[] }) {
  const picture = useRef<SVGSVGElement>(null);
  const [size, setSize] = useState({ width, height });
  useLayoutEffect(() => {
    const element = picture.current!;
    const observer = new ResizeObserver(() => setSize({ width: element.clientWidth || width, height: element.clientHeight || height }));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const start = useMemo(() => {
    const unit = Math.max(width / size.width, height / size.height);
    return frameOf(points.map(one => place([one.longitude, one.latitude])), { width: size.width * unit, height: size.height * unit }, SMALLEST);
  }, [points, size]);
  const [moved, setMoved] = useState<Frame | null>(null);
  const [opened, setOpened] = useState<number | null>(null);
  const frame = moved ?? start;
  // Map units for a pixel.
  const scale = frame.width / size.width;
  const places = useMemo(() => placesOf(points, Math.max(0.0005, scale * 5)), [points, scale]);
  const shown = places.slice(0, PINS_MAX);
  const most = Math.max(...shown.map(one => one.rows.length));

  const drag = (event: PointerEvent) => {
    if ((event.target as Element).closest('.map-pin')) return;
    const element = picture.current!;
    const [fromX, fromY] = [event.clientX, event.clientY];
    element.setPointerCapture(event.pointerId);
    element.onpointermove = move => setMoved({ ...frame, x: frame.x - (move.clientX - fromX) * scale, y: frame.y - (move.clientY - fromY) * scale });
    element.onpointerup = () => (element.onpointermove = null);
  };
  return (
    <div class="map-view">
      <div class="toolbar">
        <span class="hint numbers">{words('mapPlaces', { places: places.length, rows: points.length })}</span>
        <div class="row spread">
          <Button small icon="plus" label={words('zoomIn')} onClick={() => setMoved(zoomed(frame, STEP))} />
          <Button small icon="minus" label={words('zoomOut')} onClick={() => setMoved(zoomed(frame, 1 / STEP))} />
          <Button small onClick={() => setMoved(null)}>
            {words('zoomAll')}
          </Button>
        </div>
      </div>
      <svg
        ref={picture}
        class="map-picture"
        viewBox={`${frame.x} ${frame.y} ${frame.width} ${frame.height}`}
        role="group"
        aria-label={words('mapPlaces', { places: places.length, rows: points.length })}
        onPointerDown={drag}
        onWheel={event => {
          event.preventDefault();
          setMoved(zoomed(frame, event.deltaY > 0 ? 1 / STEP : STEP));
        }}
      >
        <path class="map-land" d={landPath} />
        <path class="map-border" d={borderPath} />
        {shown.map(one => {
          const [x, y] = place([one.longitude, one.latitude]);
          const radius = (one.rows.length > 1 ? 11 + 9 * Math.sqrt(one.rows.length / most) : 6) * scale;
          const title = titleOf(rows, one.rows);
          return (
            <g
              key={`${one.longitude},${one.latitude}`}
              class="map-pin"
              role="button"
              // In a drawing the names of attributes keep their case, and "tabIndex" is none.
              tabindex={0}
              aria-label={title}
              onClick={() => setOpened(one.rows[0]!)}
              onKeyDown={event => {
                if (event.key !== 'Enter' && event.key !== ' ') return;
                event.preventDefault();
                setOpened(one.rows[0]!);
              }}
            >
              <title>{title}</title>
              <circle cx={x} cy={y} r={radius} stroke-width={1.5 * scale} />
              {one.rows.length > 1 && (
                <text x={x} y={y} font-size={11 * scale} dy="0.35em" text-anchor="middle">
                  {formatNumber(one.rows.length)}
                </text>
              )}
            </g>
          );
        })}
      </svg>
      {opened !== null && <RowDialog rows={rows} index={opened} onMove={setOpened} onClose={() => setOpened(null)} />}
    </div>
  );
}

const NAMES = ['name', 'title', 'label', 'city', '_key'];

/** What a pin is called: a name of its first row, and how many there are. */
function titleOf(rows: readonly Row[], indexes: readonly number[]): string {
  const first = rows[indexes[0]!];
  const name = NAMES.map(attribute => cellOf(first, attribute)).find(value => typeof value === 'string' || typeof value === 'number');
  const text = name === undefined ? words('rowNumber', { number: indexes[0]! + 1 }) : cellText(name);
  return indexes.length > 1 ? words('severalRows', { name: text, count: indexes.length }) : text;
}
