import { Component, type ComponentChildren } from 'preact';
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { copyText } from './CopyButton';
import { toast } from './Toast';
import { words } from './messages';

export interface Column<Row> {
  id: string;
  title: string;
  /** Pixels; people can drag the edge. */
  width?: number;
  numeric?: boolean;
  /** What the cell says; it is also what Ctrl+C copies. */
  text(row: Row): string;
  /** Draws the cell when the text alone is not enough. */
  render?(row: Row, index: number): ComponentChildren;
  sortable?: boolean;
  /** Takes the width that is left over. */
  grow?: boolean;
}

export interface GridProps<Row> {
  label: string;
  columns: readonly Column<Row>[];
  /** How many rows there are, also those that are not loaded. */
  count: number;
  /** A loaded row, or undefined: its place is drawn as a bar. */
  row(index: number): Row | undefined;
  /** Which rows are on screen, so that the next ones can be fetched. */
  onRange?(first: number, last: number): void;
  /** Enter or a double click. */
  onOpen?(row: Row, index: number): void;
  sort?: { id: string; descending: boolean } | null;
  onSort?(id: string): void;
  rowHeight?: number;
  /** Marks rows, e.g. those that are selected. */
  rowClass?(row: Row, index: number): string | undefined;
  class?: string;
}

const overscan = 4;
// A browser refuses elements beyond some 30 million pixels; rows beyond that are reached by filters.
const tallest = 16_000_000;

/**
 * A table that keeps only the rows on screen in the page, whatever the count. Arrow keys move, Enter opens, Space presses what is in the cell, Ctrl+C copies it.
 * Rows are drawn anew when their row or the columns are other objects than before, so `columns` should be kept between drawings.
 */
export function Grid<Row>({ label, columns, count, row, onRange, onOpen, sort, onSort, rowHeight = 34, rowClass, class: extra }: GridProps<Row>) {
  const scroller = useRef<HTMLDivElement>(null);
  const end = useRef<HTMLSpanElement>(null);
  const [view, setView] = useState({ top: 0, height: 0, width: 0 });
  const [active, setActive] = useState<{ row: number; column: number }>({ row: 0, column: 0 });
  const [dragged, setDragged] = useState<Record<string, number>>({});
  const id = useId();

  const widths = useMemo(() => {
    const wanted = columns.map(column => dragged[column.id] ?? column.width ?? 180);
    const left = view.width - wanted.reduce((sum, width) => sum + width, 0);
    const growing = columns.findIndex(column => column.grow);
    if (left > 0 && growing >= 0) wanted[growing] += left;
    return wanted;
  }, [columns, dragged, view.width]);
  const total = widths.reduce((sum, width) => sum + width, 0);
  const first = Math.max(0, Math.floor(view.top / rowHeight) - overscan);
  const last = Math.min(count - 1, Math.ceil((view.top + view.height) / rowHeight) + overscan);
  // A row that leaves the screen gives its elements to one that comes, which costs a fraction of making them.
  const slots = Math.ceil(view.height / rowHeight) + 2 * overscan + 2;

  const measure = () => {
    const { scrollTop, clientHeight: height, clientWidth: width } = scroller.current!;
    // Only another row at the top draws anew; the browser scrolls by itself.
    const top = Math.floor(scrollTop / rowHeight) * rowHeight;
    setView(before => (before.top === top && before.height === height && before.width === width ? before : { top, height, width }));
  };
  useLayoutEffect(() => {
    const observer = new ResizeObserver(measure);
    observer.observe(scroller.current!);
    measure();
    return () => observer.disconnect();
  }, [rowHeight]);
  const isMeasured = view.width > 0;
  useEffect(() => (isMeasured ? onRange?.(first, last) : undefined), [first, last, count, isMeasured]);

  const show = (index: number) => {
    const element = scroller.current!;
    const head = rowHeight;
    if (index * rowHeight < element.scrollTop) element.scrollTop = index * rowHeight;
    else if ((index + 1) * rowHeight + head > element.scrollTop + element.clientHeight) element.scrollTop = (index + 1) * rowHeight + head - element.clientHeight;
  };
  /** Tab goes through the heads and then on: the rows have controls by the thousand, and arrows, Enter and Space reach those. */
  const keys = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    const isInRow = target.closest('.grid-row:not(.grid-head)') !== null;
    if (event.defaultPrevented) return;
    if (event.key === 'Tab') {
      if (isInRow && event.shiftKey) {
        event.preventDefault();
        scroller.current!.focus({ preventScroll: true });
      } else if (!event.shiftKey && (isInRow || target === ([...scroller.current!.querySelectorAll('.grid-head button')].at(-1) ?? scroller.current))) end.current!.focus({ preventScroll: true });
      return;
    }
    if (isInRow && event.key.startsWith('Arrow')) scroller.current!.focus({ preventScroll: true });
    else if (target !== scroller.current) return;
    const page = Math.max(1, Math.floor(view.height / rowHeight) - 2);
    const steps: Record<string, [number, number]> = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1], PageDown: [page, 0], PageUp: [-page, 0], Home: [0, -active.column], End: [0, columns.length] };
    const step = steps[event.key];
    if (step) {
      event.preventDefault();
      const to = event.ctrlKey && (event.key === 'Home' || event.key === 'End') ? (event.key === 'Home' ? 0 : count - 1) : Math.min(count - 1, Math.max(0, active.row + step[0]));
      setActive({ row: to, column: Math.min(columns.length - 1, Math.max(0, active.column + step[1])) });
      show(to);
      return;
    }
    const current = row(active.row);
    if (current === undefined) return;
    const control = document.getElementById(`${id}-${active.row}-${active.column}`)?.querySelector<HTMLElement>('button, input');
    if (control && (event.key === ' ' || (event.key === 'Enter' && control.tagName === 'BUTTON'))) {
      event.preventDefault();
      if (control.tagName === 'BUTTON') control.focus({ preventScroll: true });
      control.click();
    } else if (event.key === 'Enter' && onOpen) {
      event.preventDefault();
      onOpen(current, active.row);
    } else if (event.key === 'c' && (event.ctrlKey || event.metaKey) && !getSelection()?.toString()) {
      event.preventDefault();
      void copyText(columns[active.column].text(current)).then(copied => copied && toast({ kind: 'note', text: words('copied'), milliseconds: 1500 }));
    }
  };
  const drag = (event: PointerEvent, column: Column<Row>, width: number) => {
    event.preventDefault();
    const start = event.clientX;
    const handle = event.currentTarget as HTMLElement;
    handle.setPointerCapture(event.pointerId);
    handle.onpointermove = move => setDragged(before => ({ ...before, [column.id]: Math.max(48, width + move.clientX - start) }));
    handle.onpointerup = () => (handle.onpointermove = null);
  };

  const drawn = [];
  // Rows of a size that is only guessed would be laid out twice.
  if (isMeasured) for (let index = first; index <= last; index++) drawn.push(index);
  return (
    <>
      <div
        ref={scroller}
        class={`grid ${extra ?? ''}`}
        role="grid"
        aria-label={label}
        aria-rowcount={count + 1}
        aria-colcount={columns.length}
        aria-activedescendant={count > 0 && active.row >= first && active.row <= last ? `${id}-${active.row}-${active.column}` : undefined}
        tabIndex={0}
        style={{ '--row-height': `${rowHeight}px` }}
        onScroll={measure}
        onKeyDown={keys}
      >
        <div class="grid-body" style={{ width: `${total}px`, height: `${Math.min(tallest, (count + 1) * rowHeight)}px` }} role="rowgroup">
          <div class="grid-row grid-head" role="row" aria-rowindex={1} style={{ height: `${rowHeight}px` }}>
            {columns.map((column, place) => (
              <div
                key={column.id}
                role="columnheader"
                aria-colindex={place + 1}
                class={column.numeric ? 'grid-cell numeric' : 'grid-cell'}
                style={{ width: `${widths[place]}px` }}
                aria-sort={sort?.id === column.id ? (sort.descending ? 'descending' : 'ascending') : undefined}
              >
                {column.sortable && onSort ? (
                  <button type="button" class="grid-sort" onClick={() => onSort(column.id)}>
                    {column.title}
                    <span aria-hidden="true">{sort?.id === column.id ? (sort.descending ? ' ↓' : ' ↑') : ''}</span>
                  </button>
                ) : (
                  <span class="grid-title">{column.title}</span>
                )}
                <span class="grid-handle" aria-hidden="true" onPointerDown={event => drag(event, column, widths[place])} />
              </div>
            ))}
          </div>
          {drawn.map(index => {
            const value = row(index);
            return (
              <GridRow
                key={index % slots}
                id={id}
                index={index}
                value={value}
                columns={columns as readonly Column<unknown>[]}
                widths={widths}
                rowHeight={rowHeight}
                active={active.row === index ? active.column : -1}
                class={value === undefined ? 'waiting' : (rowClass?.(value, index) ?? '')}
                onActive={setActive}
                onOpen={onOpen as ((row: unknown, index: number) => void) | undefined}
              />
            );
          })}
        </div>
      </div>
      <span ref={end} class="unseen" tabIndex={-1} />
    </>
  );
}

interface GridRowProps {
  id: string;
  index: number;
  value: unknown;
  columns: readonly Column<unknown>[];
  widths: readonly number[];
  rowHeight: number;
  /** The column that the keys are at, if they are in this row. */
  active: number;
  class: string;
  onActive(cell: { row: number; column: number }): void;
  onOpen?(row: unknown, index: number): void;
}

const told: readonly (keyof GridRowProps)[] = ['index', 'value', 'columns', 'widths', 'rowHeight', 'active', 'class'];

/** One row; scrolling leaves it alone as long as it shows the same. */
class GridRow extends Component<GridRowProps> {
  shouldComponentUpdate(next: GridRowProps) {
    return told.some(name => next[name] !== this.props[name]);
  }

  render({ id, index, value, columns, widths, rowHeight, active, class: extra, onActive }: GridRowProps) {
    return (
      <div
        role="row"
        aria-rowindex={index + 2}
        class={`grid-row ${index % 2 ? 'odd' : ''} ${extra}`}
        style={{ height: `${rowHeight}px`, transform: `translateY(${(index + 1) * rowHeight}px)` }}
        onDblClick={() => value !== undefined && this.props.onOpen?.(value, index)}
      >
        {columns.map((column, place) => (
          <div
            key={column.id}
            id={`${id}-${index}-${place}`}
            role="gridcell"
            aria-colindex={place + 1}
            class={`grid-cell${column.numeric ? ' numeric' : ''}${active === place ? ' active' : ''}`}
            style={{ width: `${widths[place]}px` }}
            onClick={() => onActive({ row: index, column: place })}
          >
            {value === undefined ? <span class="bar" /> : (column.render?.(value, index) ?? cut(column.text(value)))}
          </div>
        ))}
      </div>
    );
  }
}

// Long texts are cut before they reach the page: a cell never shows more, and laying out a megabyte freezes it.
const cut = (text: string) => (text.length > 300 ? `${text.slice(0, 300)}…` : text);
