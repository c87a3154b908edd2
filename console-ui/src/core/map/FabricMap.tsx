import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { formatDuration } from '../messages';
import { placeLabels } from './labels';
import { mapWords } from './messages';
import { connectionsOf, lagOf, type Connection, type Region, type Topology } from './topology';
import { bowPath, borderPath, height, landPath, place, width } from './world';
import './map.css';

export interface FabricMapProps {
  topology: Topology;
  selected: string | null;
  onSelect(region: string | null): void;
  /** Without labels and links' legend: a picture beside other things. */
  small?: boolean;
  /** What to say beside a pin in place of how late the region is. */
  notes?: ReadonlyMap<string, RegionNote>;
}

/** Something to say of a region; what is good or late has a colour beside its words. */
export interface RegionNote {
  text: string;
  tone?: 'good' | 'waiting';
}

interface Pin {
  region: Region;
  x: number;
  y: number;
  label: string;
  tone?: RegionNote['tone'];
}

type Placed = Region & { latitude: number; longitude: number };

const isPlaced = (region: Region): region is Placed => region.latitude !== null && region.longitude !== null;

/** The world with a pin for every region that has coordinates, and the links between them. Pins are buttons. */
export function FabricMap({ topology, selected, onSelect, small, notes }: FabricMapProps) {
  const svg = useRef<SVGSVGElement>(null);
  // Texts keep their size on screen however small the drawing is.
  const scale = useScale(svg);
  const placed = topology.regions.filter(isPlaced);
  const pins = placed.map(region => pinOf(region, topology, notes?.get(region.name)));
  const places = new Map(placed.map(region => [region.name, [region.longitude, region.latitude] as const]));
  const lines = connectionsOf(topology).flatMap(connection => lineOf(connection, places));
  const labels = small ? [] : placeLabels(pins.map(pin => ({ x: pin.x, y: pin.y, width: pin.label.length * 6.6 * scale + 10 * scale, height: 18 * scale })), { x: 0, y: 0, width, height });
  return (
    <svg ref={svg} class={small ? 'fabric-map small' : 'fabric-map'} viewBox={`0 0 ${width} ${height}`} role="group" aria-label={mapWords('map')} onClick={event => event.target === svg.current && onSelect(null)}>
      <path class="map-land" d={landPath} />
      <path class="map-borders" d={borderPath} />
      {lines.map(({ key, path, state, text }) => (
        <path key={key} class={`map-link ${state}`} d={path}>
          <title>{text}</title>
        </path>
      ))}
      {pins.map((pin, index) => {
        const label = labels[index];
        const picked = pin.region.name === selected;
        return (
          <g
            key={pin.region.name}
            class={`map-pin ${pin.region.state}${picked ? ' picked' : ''}${pin.region.isSelf ? ' self' : ''}${pin.tone ? ` ${pin.tone}` : ''}`}
            role="button"
            // In a drawing the names of attributes keep their case, and "tabIndex" is none.
            tabindex={0}
            aria-pressed={picked}
            aria-label={`${pin.region.name}: ${pin.label}, ${mapWords(pin.region.state)}`}
            data-region={pin.region.name}
            onClick={() => onSelect(picked ? null : pin.region.name)}
            onKeyDown={event => {
              if (event.key !== 'Enter' && event.key !== ' ') return;
              event.preventDefault();
              onSelect(picked ? null : pin.region.name);
            }}
          >
            <title>{`${pin.region.name} · ${mapWords(pin.region.state)}`}</title>
            <circle class="map-target" cx={pin.x} cy={pin.y} r={14 * scale} />
            {pin.region.isSelf && <circle class="map-ring" cx={pin.x} cy={pin.y} r={10 * scale} />}
            <path class="map-mark" transform={`translate(${pin.x} ${pin.y}) scale(${scale})`} d={markOf(pin.region)} />
            {label && (
              <g class="map-label" aria-hidden="true">
                <rect x={label.x} y={label.y} width={label.width} height={label.height} rx={4 * scale} />
                <text x={label.x + label.width / 2} y={label.y + label.height / 2} font-size={11.5 * scale}>
                  {pin.label}
                </text>
              </g>
            )}
          </g>
        );
      })}
    </svg>
  );
}

/** What the marks and lines of the map mean. */
export function MapLegend() {
  return (
    <ul class="map-legend">
      {(['up', 'lagging', 'down'] as const).map(state => (
        <li key={state}>
          <svg width="14" height="14" viewBox="-8 -8 16 16" aria-hidden="true">
            <g class={`map-pin ${state}`}>
              <path class="map-mark" d={markOf({ state, isReachable: true })} />
            </g>
          </svg>
          {mapWords(state)}
        </li>
      ))}
      {(['connected', 'slow', 'cut', 'broken'] as const).map(state => (
        <li key={state}>
          <svg width="28" height="10" viewBox="0 0 28 10" aria-hidden="true">
            <path class={`map-link ${state}`} d="M1 5H27" />
          </svg>
          {mapWords(`link_${state}`)}
        </li>
      ))}
    </ul>
  );
}

// A state has a shape of its own, so that it can be told without its colour.
function markOf({ state, isReachable }: Pick<Region, 'state' | 'isReachable'>): string {
  if (state === 'down' || state === 'removed' || !isReachable) return 'M-5-5L5 5M5-5L-5 5';
  if (state === 'lagging' || state === 'catchingUp') return 'M0-7L7 5.500H-7z';
  if (state === 'readOnly' || state === 'leaving') return 'M-5-5h10v10h-10z';
  return 'M6 0A6 6 0 1 1-6 0A6 6 0 1 1 6 0z';
}

function pinOf(region: Placed, topology: Topology, note?: RegionNote): Pin {
  const [x, y] = place([region.longitude, region.latitude]);
  const lag = lagOf(topology, region.name);
  const name = region.city || region.displayName || region.name;
  if (note) return { region, x, y, label: `${name} · ${note.text}`, tone: note.tone };
  return { region, x, y, label: lag === null || region.isSelf ? name : `${name} · ${formatDuration(lag)}` };
}

function lineOf(connection: Connection, places: Map<string, readonly [number, number]>) {
  const from = places.get(connection.first);
  const to = places.get(connection.second);
  if (!from || !to) return [];
  const trip = connection.roundTripMilliseconds === null ? '' : `, ${formatDuration(connection.roundTripMilliseconds)}`;
  return [
    {
      key: `${connection.first} ${connection.second}`,
      path: bowPath(from, to),
      state: connection.state,
      text: `${connection.first} – ${connection.second}: ${mapWords(`link_${connection.state}`)}${trip}`,
    },
  ];
}

/** How many units of the drawing one pixel of the screen is. */
function useScale(svg: { current: SVGSVGElement | null }): number {
  const [scale, setScale] = useState(1);
  useLayoutEffect(() => {
    const element = svg.current!;
    const measure = () => element.clientWidth > 0 && setScale(width / element.clientWidth);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return scale;
}
