import { useMemo, useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { formatBytes, formatDuration } from '../../core/messages';
import { columnsOf, defaultColumns } from '../../core/results/columns';
import { download, type Format } from '../../core/results/download';
import { chartOf, pointsOf } from '../../core/results/shape';
import { graphOf } from '../../core/graph/graphData';
import { Button } from '../../ui/Button';
import { useElapsed } from '../../ui/Busy';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorBox } from '../../ui/ErrorBox';
import { Icon, type IconName } from '../../ui/Icon';
import { Menu } from '../../ui/Menu';
import { Tabs } from '../../ui/Tabs';
import { JsonView } from './JsonView';
import { later } from '../../ui/Later';
import { words } from './messages';
import type { Run } from './runs';
import { TableView } from './TableView';
import './results.css';

export type ResultViewName = 'table' | 'json' | 'graph' | 'map' | 'chart' | 'plan';

// Most results are looked at as a table; the libraries of the pictures are fetched by those who want them.
const ChartView = later('chart', async () => (await import('./ChartView')).ChartView);
const MapView = later('map', async () => (await import('./MapView')).MapView);
const PlanView = later('plan', async () => (await import('./PlanView')).PlanView);
const GraphExplorer = later('graph', async () => (await import('../../core/graph/GraphExplorer')).GraphExplorer);

const OFFER_SAMPLE = 500;

export interface ResultsProps {
  run: Run | undefined;
  view: ResultViewName;
  onView(view: ResultViewName): void;
  onCancel(): void;
  onMore(): void;
  onAgain(): void;
  /** Keeps the result while newer ones come. */
  onPin?(): void;
  /** What stands there before anything ran. */
  empty?: ComponentChildren;
  fileName: string;
}

/** What a run gave: a status line, and the rows in the views they allow. */
export function Results({ run, view, onView, onCancel, onMore, onAgain, onPin, empty, fileName }: ResultsProps) {
  const columns = useMemo(() => columnsOf(run?.rows ?? []), [run?.rows]);
  const [hidden, setHidden] = useState<Record<string, boolean>>({});
  const standard = useMemo(() => new Set(defaultColumns(columns)), [columns]);
  const shown = useMemo(() => columns.filter(name => !(hidden[name] ?? !standard.has(name))), [columns, hidden, standard]);
  const offer = useMemo(() => chartOf(run?.rows ?? [], columns), [run?.rows, columns]);
  // A look at the first rows says which pictures there are; all rows are gone through for the one that is drawn.
  const [hasGraph, hasPoints] = useMemo(() => {
    const sample = (run?.rows ?? []).slice(0, OFFER_SAMPLE);
    return [graphOf(sample) !== null, pointsOf(sample).length > 0];
  }, [run?.rows]);
  const graph = useMemo(() => (view === 'graph' && hasGraph ? graphOf(run?.rows ?? []) : null), [run?.rows, view, hasGraph]);
  const points = useMemo(() => (view === 'map' && hasPoints ? pointsOf(run?.rows ?? []) : []), [run?.rows, view, hasPoints]);
  if (!run) return <div class="results">{empty}</div>;
  if (run.state === 'running')
    return (
      <div class="results">
        <Running run={run} onCancel={onCancel} />
      </div>
    );
  if (run.state === 'failed')
    return (
      <div class="results padded" role="status">
        <ErrorBox error={run.error} onRetry={onAgain} />
      </div>
    );
  if (run.state === 'cancelled')
    return (
      <div class="results">
        <EmptyState icon="stop" title={words('cancelled')} action={<Button icon="play" onClick={onAgain}>{words('runAgain')}</Button>}>
          {words('cancelledAfter', { time: formatDuration(run.milliseconds) })}
        </EmptyState>
      </div>
    );
  const hasRows = run.kind !== 'explain' && !(run.writes && run.rows.length === 0);
  const views: { id: ResultViewName; title: ComponentChildren }[] = [
    ...(hasRows ? [{ id: 'table' as const, title: <Titled icon="table" text={words('table')} /> }, { id: 'json' as const, title: <Titled icon="code" text={words('json')} /> }] : []),
    ...(hasRows && hasGraph ? [{ id: 'graph' as const, title: <Titled icon="graph" text={words('graph')} /> }] : []),
    ...(hasRows && hasPoints ? [{ id: 'map' as const, title: <Titled icon="map" text={words('map')} /> }] : []),
    ...(hasRows && offer ? [{ id: 'chart' as const, title: <Titled icon="chart" text={words('chart')} /> }] : []),
    ...(run.plan ? [{ id: 'plan' as const, title: <Titled icon="tree" text={run.kind === 'profile' ? words('profile') : words('explain')} /> }] : []),
  ];
  const selected = views.some(one => one.id === view) ? view : views[0]?.id;
  return (
    <div class="results">
      <div class="results-head">
        {views.length > 0 && <Tabs label={words('resultViews')} tabs={views} selected={selected!} onSelect={id => onView(id as ResultViewName)} />}
        <Status run={run} />
        {hasRows && run.rows.length > 0 && (
          <div class="row results-actions">
            {run.cursor && (
              <Button small icon="plus" disabled={run.isLoadingMore} onClick={onMore}>
                {words('loadMore')}
              </Button>
            )}
            {onPin && (
              <Button small icon="pin" onClick={onPin}>
                {words('pin')}
              </Button>
            )}
            {selected === 'table' && columns.length > 1 && (
              <Menu small alignRight icon="columns" button={words('columns', { shown: shown.length, count: columns.length })} items={columns.map(name => ({ text: name, selected: shown.includes(name), run: () => setHidden({ ...hidden, [name]: shown.includes(name) }) }))} />
            )}
            <Menu small alignRight icon="download" button={words('download')} items={(['csv', 'json', 'jsonl'] as Format[]).map(format => ({ text: format.toUpperCase(), run: () => download(run.rows, format, fileName, format === 'csv' ? shown : undefined) }))} />
          </div>
        )}
      </div>
      {run.warnings.length > 0 && <Warnings run={run} />}
      {run.error !== undefined && run.error !== null && <ErrorBox error={run.error} />}
      <div class="results-body" role="tabpanel" id={`panel-${selected ?? 'none'}`} aria-label={selected ? words(selected === 'plan' ? 'plan' : selected) : words('result')}>
        {selected === 'plan' && run.plan ? (
          <PlanView run={run} onAgain={onAgain} />
        ) : !hasRows ? (
          <Written run={run} />
        ) : run.rows.length === 0 ? (
          <EmptyState icon="table" title={words('noRows')}>
            {words('noRowsText')}
          </EmptyState>
        ) : selected === 'json' ? (
          <JsonView rows={run.rows} />
        ) : selected === 'graph' && graph ? (
          <GraphExplorer key={run.id} data={graph} name={fileName} />
        ) : selected === 'map' && points.length > 0 ? (
          <MapView key={run.id} rows={run.rows} points={points} />
        ) : selected === 'chart' && offer ? (
          <ChartView key={run.id} rows={run.rows} offer={offer} />
        ) : (
          <TableView key={run.id} rows={run.rows} columns={shown} />
        )}
      </div>
    </div>
  );
}

const Titled = ({ icon, text }: { icon: IconName; text: string }) => (
  <>
    <Icon name={icon} size={14} /> {text}
  </>
);

function Running({ run, onCancel }: { run: Run; onCancel(): void }) {
  const elapsed = useElapsed(true);
  return (
    <div class="running" role="status">
      <span class="spinner" aria-hidden="true" />
      <span>{run.kind === 'explain' ? words('explaining') : words('executing')}</span>
      <span class="numbers running-time" aria-hidden="true">
        {formatDuration(Math.floor(elapsed / 100) * 100)}
      </span>
      <Button icon="stop" onClick={onCancel}>
        {words('cancel')}
      </Button>
    </div>
  );
}

/** The line that says it all: "500 written, 0 failed, 12 ms". */
function Status({ run }: { run: Run }) {
  const time = formatDuration(run.milliseconds);
  const main =
    run.kind === 'explain'
      ? words('statusExplained', { time })
      : run.writes
        ? words('statusWritten', { written: run.statistics?.writesExecuted ?? 0, failed: run.failed ?? 0, time })
        : run.cursor
          ? words('statusFirst', { count: run.rows.length, time })
          : words('statusRows', { count: run.rows.length, time });
  const scanned = (run.statistics?.scannedFull ?? 0) + (run.statistics?.scannedIndex ?? 0);
  return (
    <p class="status-line" role="status" aria-live="polite" data-status>
      <Icon name="check" size={14} />
      <strong class="numbers">{main}</strong>
      {run.writes && run.rows.length > 0 && <span class="numbers">{words('statusReturned', { count: run.rows.length })}</span>}
      <span class="numbers muted">{formatBytes(run.bytes)}</span>
      {scanned > 0 && <span class="numbers muted">{words('statusScanned', { count: scanned })}</span>}
      {run.region && (
        <span class="muted">
          <Icon name="globe" size={12} /> {run.region}
        </span>
      )}
      {run.warnings.length > 0 && <span class="badge warn">{words('statusWarnings', { count: run.warnings.length })}</span>}
    </p>
  );
}

function Warnings({ run }: { run: Run }) {
  return (
    <details class="warnings">
      <summary>{words('statusWarnings', { count: run.warnings.length })}</summary>
      <ul>
        {run.warnings.map((warning, index) => (
          <li key={index}>
            <span class="badge warn">{warning.code}</span> {warning.message}
          </li>
        ))}
      </ul>
    </details>
  );
}

function Written({ run }: { run: Run }) {
  if (!run.writes) return null;
  return (
    <div class="written">
      <Icon name="check" size={28} />
      <p>{words('writtenText', { written: run.statistics?.writesExecuted ?? 0 })}</p>
    </div>
  );
}
