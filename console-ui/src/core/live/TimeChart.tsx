import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import './chart.css';
import { color, theme } from '../theme';
import { language, locale } from '../messages';

export interface TimeSeries {
  label: string;
  /** A theming variable: `accent` is `--accent`. */
  color: string;
  /** Lines are told apart by more than their colour. */
  dash?: number[];
  fill?: boolean;
  /** A mark at each value, where values come alone. */
  points?: boolean;
}

export interface TimeChartProps {
  title: string;
  series: readonly TimeSeries[];
  /** Seconds since 1970, then one row for each series. */
  columns: (number | null)[][];
  format(value: number): string;
  height?: number;
  /** Charts of one group share their cursor. */
  group: string;
}

/** Lines over time. The table of the last values beside it is what screen readers get. */
export function TimeChart({ title, series, columns, format, height = 150, group }: TimeChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  // Drawn anew for another theme or language; new data only moves the lines.
  const look = `${theme.value} ${language.value} ${series.map(one => one.label).join()}`;
  useEffect(() => {
    const element = host.current!;
    const chart = new uPlot(optionsOf(series, format, element.clientWidth, height, group), columns as uPlot.AlignedData, element);
    plot.current = chart;
    const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
      plot.current = null;
    };
  }, [look]);
  useEffect(() => plot.current?.setData(columns as uPlot.AlignedData), [columns]);
  return (
    <figure class="time-chart">
      <figcaption>
        <span class="chart-title">{title}</span>
        {series.map((one, index) => {
          const last = columns[index + 1]?.findLast(value => value !== null);
          return (
            <span key={one.label} class="chart-key">
              <svg width="18" height="8" viewBox="0 0 18 8" aria-hidden="true">
                <path d="M0 4H18" stroke={`var(--${one.color})`} stroke-width="2.500" stroke-dasharray={one.dash?.join(' ')} />
              </svg>
              {series.length > 1 && `${one.label} `}
              <b>{last === undefined || last === null ? '–' : format(last)}</b>
            </span>
          );
        })}
      </figcaption>
      <div ref={host} class="chart-canvas" role="img" aria-label={title} />
    </figure>
  );
}

function optionsOf(series: readonly TimeSeries[], format: (value: number) => string, width: number, height: number, group: string): uPlot.Options {
  const axis = { stroke: color('muted'), grid: { stroke: color('line'), width: 1 }, ticks: { show: false }, font: '11px system-ui, sans-serif' };
  const minutes = new Intl.DateTimeFormat(locale(), { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const seconds = new Intl.DateTimeFormat(locale(), { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
  const exact = new Intl.DateTimeFormat(locale(), { timeStyle: 'medium' });
  return {
    width,
    height,
    legend: { show: false },
    cursor: { sync: { key: group }, points: { size: 6 }, drag: { x: false, y: false } },
    // At the right there is room for half of a time, such as 06:30:00.
    padding: [8, 28, 0, 0],
    scales: { y: { range: (_, __, greatest) => [0, greatest > 0 ? greatest * 1.15 : 1] } },
    axes: [
      { ...axis, values: (_, ticks, __, ___, step) => ticks.map(tick => (step < 60 ? seconds : minutes).format(tick * 1000)), space: 80, size: 26 },
      { ...axis, values: (_, ticks) => ticks.map(format), size: 56, space: 30 },
    ],
    series: [
      { value: (_, at) => (at === null ? '' : exact.format(at * 1000)) },
      ...series.map(one => ({
        label: one.label,
        stroke: color(one.color),
        width: 1.8,
        dash: one.dash,
        fill: one.fill ? `color-mix(in srgb, ${color(one.color)} 14%, transparent)` : undefined,
        points: { show: one.points ?? false, size: 4 },
        value: (_: uPlot, value: number | null) => (value === null ? '–' : format(value)),
      })),
    ],
    plugins: [tooltip(series, format, exact)],
  };
}

// What the lines are at the pointer, in words beside it.
function tooltip(series: readonly TimeSeries[], format: (value: number) => string, time: Intl.DateTimeFormat): uPlot.Plugin {
  const box = document.createElement('div');
  box.className = 'chart-tip';
  box.hidden = true;
  return {
    hooks: {
      init: chart => void chart.over.append(box),
      setCursor: chart => {
        const { idx, left } = chart.cursor;
        const at = idx === null || idx === undefined ? null : chart.data[0][idx];
        box.hidden = at === null || at === undefined || left === undefined || left < 0;
        if (box.hidden) return;
        const lines = series.map((one, i) => {
          const value = chart.data[i + 1]?.[idx as number];
          return `${one.label}: ${value === null || value === undefined ? '–' : format(value)}`;
        });
        box.textContent = [time.format((at as number) * 1000), ...lines].join('\n');
        const right = (left as number) > chart.over.clientWidth / 2;
        box.style.left = right ? '' : `${(left as number) + 10}px`;
        box.style.right = right ? `${chart.over.clientWidth - (left as number) + 10}px` : '';
      },
    },
  };
}
