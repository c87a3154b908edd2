import { useMemo, useState } from 'preact/hooks';
import { cellOf, cellText, columnsOf, defaultColumns, type Row } from '../../core/results/columns';
import { type ComparedRow, compareRows, countChanges } from '../../core/results/compare';
import { Checkbox } from '../../ui/Field';
import { Grid, type Column } from '../../ui/Grid';
import { words } from './messages';

const changeWords = { added: 'rowAdded', removed: 'rowRemoved', changed: 'rowChanged', same: 'rowSame' } as const;

/** What differs between a pinned result and the latest: rows that came, went or changed, and which attributes did. */
export function CompareView({ before, after }: { before: readonly Row[]; after: readonly Row[] }) {
  const [onlyDifferences, setOnly] = useState(true);
  const rows = useMemo(() => compareRows(before, after), [before, after]);
  const counts = useMemo(() => countChanges(rows), [rows]);
  const shown = useMemo(() => (onlyDifferences ? rows.filter(row => row.change !== 'same') : rows), [rows, onlyDifferences]);
  const columns = useMemo(() => [changeColumn, ...defaultColumns(columnsOf([...before.slice(0, 500), ...after.slice(0, 500)])).map(columnOf)], [before, after]);
  return (
    <div class="compare-view">
      <div class="toolbar">
        <span class="numbers" role="status">
          {words('compared', { ...counts })}
        </span>
        <div class="spread">
          <Checkbox label={words('onlyDifferences')} checked={onlyDifferences} onValue={setOnly} />
        </div>
      </div>
      {shown.length === 0 ? (
        <p class="hint compare-none">{words('noDifference')}</p>
      ) : (
        <Grid<ComparedRow> label={words('compare')} columns={columns} count={shown.length} row={index => shown[index]} rowHeight={30} rowClass={row => `is-${row.change}`} class="result-table" />
      )}
    </div>
  );
}

const changeColumn: Column<ComparedRow> = { id: 'change', title: '', width: 100, text: row => words(changeWords[row.change]) };

const columnOf = (name: string): Column<ComparedRow> => ({
  id: name,
  title: name,
  width: 200,
  text: row => cellText(cellOf(row.after ?? row.before, name)),
  render: row => {
    const now = cellText(cellOf(row.after ?? row.before, name));
    if (!row.attributes.includes(name)) return now.slice(0, 300);
    return (
      <>
        <del>{cellText(cellOf(row.before, name)).slice(0, 150)}</del> → <ins>{now.slice(0, 150)}</ins>
      </>
    );
  },
});
