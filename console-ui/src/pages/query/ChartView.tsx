import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { drawChart } from '../../core/chart/chart';
import { seriesOf } from '../../core/chart/series';
import type { Row } from '../../core/results/columns';
import type { ChartKind, ChartOffer } from '../../core/results/shape';
import { Select } from '../../ui/Field';
import { words } from './messages';

/** The rows as lines or bars; which numbers are drawn is chosen above. */
export function ChartView({ rows, offer }: { rows: readonly Row[]; offer: ChartOffer }) {
  const [kind, setKind] = useState<ChartKind>(offer.kind);
  const [chosen, setChosen] = useState<readonly string[]>(() => offer.numbers.slice(0, offer.kind === 'bar' ? 1 : 4));
  const host = useRef<HTMLDivElement>(null);
  const shown = kind === 'bar' ? chosen.slice(0, 1) : chosen;
  const series = useMemo(() => seriesOf(rows, offer, shown), [rows, offer, shown.join()]);
  useEffect(() => drawChart(host.current!, series, kind), [series, kind]);
  const toggle = (name: string) => {
    if (kind === 'bar') setChosen([name]);
    else if (!chosen.includes(name)) setChosen([...chosen, name]);
    else if (chosen.length > 1) setChosen(chosen.filter(one => one !== name));
  };
  return (
    <div class="chart-view">
      <div class="toolbar">
        <Select label={words('chartKind')} bare value={kind} onValue={value => setKind(value as ChartKind)} options={[['line', words('chartLine')], ['bar', words('chartBar')]]} />
        <div class="chips" role="group" aria-label={words('chartNumbers')}>
          {offer.numbers.map(name => (
            <button key={name} type="button" class="chip" aria-pressed={shown.includes(name)} onClick={() => toggle(name)}>
              {name}
            </button>
          ))}
        </div>
        <span class="hint">{words('chartBy', { name: offer.x })}</span>
      </div>
      <div class="chart" ref={host} role="img" aria-label={words('chartLabel', { numbers: shown.join(', '), name: offer.x })} />
    </div>
  );
}
