import { effect } from '@preact/signals';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatNumber } from '../messages';
import type { ChartKind } from '../results/shape';
import { color, theme } from '../theme';
import type { Series } from './series';

const COLORS = ['series-1', 'series-2', 'series-3', 'series-4', 'series-5', 'series-6'];
const LABEL_WIDTH = 90;
const LABEL_MAX = 14;

/** Draws a chart into a place; returns what takes it away again. It follows the place's size and the theme. */
export function drawChart(parent: HTMLElement, series: Series, kind: ChartKind): () => void {
  let plot: uPlot | undefined;
  const stop = effect(() => {
    void theme.value;
    plot?.destroy();
    // The page gets its theme in the same round of effects; the colours are read after it.
    queueMicrotask(() => {
      plot?.destroy();
      plot = make(parent, series, kind);
    });
  });
  const observer = new ResizeObserver(() => plot?.setSize(sizeOf(parent)));
  observer.observe(parent);
  return () => {
    stop();
    observer.disconnect();
    queueMicrotask(() => plot?.destroy());
  };
}

function make(parent: HTMLElement, series: Series, kind: ChartKind): uPlot {
  const [text, line] = [color('muted'), color('line')];
  const axis: uPlot.Axis = { stroke: text, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 }, font: '12px system-ui, sans-serif' };
  const isTime = series.labels.length === 0;
  const labelAt = (index: number) => series.labels[Math.round(index)] ?? '';
  const options: uPlot.Options = {
    ...sizeOf(parent),
    scales: { x: isTime ? { time: true } : { time: false, range: (_plot, low, high) => [low - 0.6, high + 0.6] }, y: { range: (_plot, low, high) => span(low, high, kind) } },
    axes: [
      isTime ? axis : { ...axis, grid: { show: false }, splits: plot => splits(plot, series), values: (_plot, at) => at.map(index => shorten(labelAt(index))) },
      { ...axis, size: 72, values: (_plot, values) => values.map(value => formatNumber(value)) },
    ],
    series: [
      isTime ? { label: series.name } : { label: series.name, value: (_plot, at) => (at === null || at === undefined ? '–' : labelAt(at)) },
      ...series.lines.map((one, index): uPlot.Series => {
        const stroke = color(COLORS[index % COLORS.length]!);
        const bars: uPlot.Series = kind === 'bar' ? { fill: stroke, paths: uPlot.paths.bars!({ size: [0.7, 64] }), points: { show: false } } : {};
        return { label: one.name, stroke, width: 2, spanGaps: true, value: (_plot, value) => (value === null ? '–' : formatNumber(value)), ...bars };
      }),
    ],
    cursor: { drag: { x: true, y: false } },
  };
  return new uPlot(options, [series.x, ...series.lines.map(one => one.values)], parent);
}

/** Bars start at zero; lines do as well unless that would make them flat. */
function span(low: number | null, high: number | null, kind: ChartKind): [number, number] {
  if (low === null || high === null) return [0, 1];
  const [from, to] = kind === 'bar' || (low >= 0 && low < high / 2) ? [Math.min(0, low), Math.max(0, high)] : [low, high];
  const room = (to - from || Math.abs(to) || 1) * 0.06;
  return [from === 0 ? 0 : from - room, to === 0 ? 0 : to + room];
}

/** As many categories as have room for their names. */
function splits(plot: uPlot, series: Series): number[] {
  const step = Math.max(1, Math.ceil(series.labels.length / Math.max(1, Math.floor(plot.width / LABEL_WIDTH))));
  return series.x.filter((_, index) => index % step === 0);
}

const shorten = (label: string) => (label.length > LABEL_MAX ? `${label.slice(0, LABEL_MAX - 1)}…` : label);

function sizeOf(parent: HTMLElement): { width: number; height: number } {
  // The legend stands below the drawing.
  return { width: Math.max(200, parent.clientWidth), height: Math.max(140, parent.clientHeight - 36) };
}
