import { useMemo, useState } from 'preact/hooks';
import { cellOf, cellText, compareValues, kindOf, layoutOf, type Row } from '../../core/results/columns';
import { Dialog } from '../../ui/Dialog';
import { Grid, type Column } from '../../ui/Grid';
import { CopyButton } from '../../ui/CopyButton';
import { Button } from '../../ui/Button';
import { JsonText } from './JsonView';
import { words } from './messages';

const PIXELS_OF_CHARACTER = 7.8;
/** From so many rows on, columns keep their widths. */
const SAMPLE = 100;

/** Rows as a grid: what is loaded can be sorted, cells and rows copied, and a row opened whole. */
export function TableView({ rows, columns, onEnd }: { rows: readonly Row[]; columns: readonly string[]; onEnd?(): void }) {
  const [sort, setSort] = useState<{ id: string; descending: boolean } | null>(null);
  const [opened, setOpened] = useState<number | null>(null);
  const order = useMemo(() => (sort ? sortedOrder(rows, sort.id, sort.descending) : null), [rows, sort]);
  const at = (index: number) => order?.[index] ?? index;
  const definitions = useMemo(() => [indexColumn(rows.length), ...columns.map(name => columnOf(name, rows))], [columns, rows.length > 0 && rows[0], rows.length > SAMPLE]);
  const entries = useMemo(() => rows.map((row, index) => ({ row, index })), [rows]);
  return (
    <>
      <Grid<Entry>
        label={words('result')}
        columns={definitions}
        count={rows.length}
        row={index => entries[at(index)]}
        rowHeight={30}
        sort={sort}
        onSort={id => setSort(sort?.id !== id ? { id, descending: false } : sort.descending ? null : { id, descending: true })}
        onOpen={entry => setOpened(entry.index)}
        onRange={(_first, last) => last >= rows.length - 1 && rows.length > 0 && onEnd?.()}
        class="result-table"
      />
      {opened !== null && rows[opened] !== undefined && <RowDialog rows={rows} index={opened} onMove={setOpened} onClose={() => setOpened(null)} />}
    </>
  );
}

interface Entry {
  row: Row;
  index: number;
}

const indexColumn = (count: number): Column<Entry> => ({ id: '#', title: '#', width: Math.max(46, String(count).length * 9 + 26), numeric: true, text: ({ row }) => JSON.stringify(row), render: ({ index }) => <span class="muted numbers" title={words('rowHint')}>{index + 1}</span> });

function columnOf(name: string, rows: readonly Row[]): Column<Entry> {
  return {
    id: name,
    title: name,
    ...layoutOf(name, rows, PIXELS_OF_CHARACTER),
    sortable: true,
    text: ({ row }) => cellText(cellOf(row, name)),
    render: ({ row }) => {
      const value = cellOf(row, name);
      const kind = kindOf(value);
      const text = cellText(value);
      return <span class={`cell-${kind}`}>{text.length > 300 ? `${text.slice(0, 300)}…` : text}</span>;
    },
  };
}

function sortedOrder(rows: readonly Row[], column: string, isDescending: boolean): number[] {
  const sign = isDescending ? -1 : 1;
  return rows.map((_, index) => index).sort((a, b) => sign * compareValues(cellOf(rows[a], column), cellOf(rows[b], column)) || a - b);
}

export function RowDialog({ rows, index, onMove, onClose }: { rows: readonly Row[]; index: number; onMove(index: number): void; onClose(): void }) {
  const text = JSON.stringify(rows[index], null, 2);
  return (
    <Dialog
      drawer
      wide
      title={words('rowTitle', { number: index + 1, count: rows.length })}
      onClose={onClose}
      actions={
        <>
          <Button icon="chevronLeft" disabled={index === 0} onClick={() => onMove(index - 1)}>
            {words('previous')}
          </Button>
          <Button icon="chevronRight" disabled={index === rows.length - 1} onClick={() => onMove(index + 1)}>
            {words('next')}
          </Button>
          <CopyButton text={text} small={false}>
            {words('copyRow')}
          </CopyButton>
        </>
      }
    >
      <JsonText text={text} label={words('rowTitle', { number: index + 1, count: rows.length })} />
    </Dialog>
  );
}
