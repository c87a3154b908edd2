import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Document } from '../../core/api/answers';
import { queryLink } from '../../core/links';
import { formatDuration } from '../../core/messages';
import { recall, remember } from '../../core/preferences';
import { changeQuery, href, location, navigate } from '../../core/router';
import { isPhone } from '../../core/viewport';
import { Busy } from '../../ui/Busy';
import { Button, LinkButton } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorBox } from '../../ui/ErrorBox';
import { Checkbox } from '../../ui/Field';
import { Grid, type Column } from '../../ui/Grid';
import { cellText, columnsOf, layoutOf } from '../../core/results/columns';
import { Menu } from '../../ui/Menu';
import { ChangeDocuments, RemoveDocuments } from './BulkActs';
import { pathOf, type TabProps } from './CollectionPage';
import { DocumentDrawer } from './DocumentDrawer';
import { DocumentPages } from './documentPages';
import { FilterBar } from './FilterBar';
import { collectionName, formatFilter, listingQuery, parseFilter, type Filter, type Listing, type Target } from './filters';
import { words } from './messages';

/** The documents of a collection: a grid that loads what is on screen, filters that are C8QL, and the document behind each row. */
export function DocumentsTab({ collection, documentKey, onChanged }: TabProps) {
  const { name } = collection;
  const { query } = location.value;
  const where = query.getAll('where').join('\n');
  const sortText = query.get('sort') ?? '_key';
  const listing = useMemo<Listing>(
    () => ({ collection: name, filters: where.split('\n').map(parseFilter).filter(one => one !== null), sort: { field: sortText.replace(/^-/, ''), descending: sortText.startsWith('-') } }),
    [name, where, sortText],
  );
  const [round, setRound] = useState(0);
  const pages = useMemo(() => new DocumentPages(listing), [listing, round]);
  useEffect(() => () => pages.close(), [pages]);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => setChosen(new Set()), [pages]);
  const [adding, setAdding] = useState<Document | null>(null);
  const [picking, setPicking] = useState(false);
  const [act, setAct] = useState<{ act: 'change' | 'remove'; target: Target } | null>(null);
  const shownKey = `columns.${name}`;
  const [picked, setPicked] = useState<string[] | null>(recall<string[] | null>(shownKey, null));

  const version = pages.version.value;
  const fields = useMemo(() => columnsOf(pages.loaded()).filter(field => field !== '_id' && field !== '_rev'), [pages, version]);
  const shownFields = picked ? fields.filter(field => field === '_key' || picked.includes(field)) : fields.slice(0, isPhone.value ? 3 : 40);
  const shownNames = shownFields.join('\n');
  // From the rows that are there when the columns appear: what is scrolled to later does not shift them.
  const layouts = useMemo(() => new Map(shownFields.map(field => [field, layoutOf(field, pages.loaded(), PIXELS_OF_CHARACTER)])), [pages, shownNames]);
  const columns = useMemo(() => gridColumns(name, layouts, chosen, setChosen), [name, layouts, chosen]);

  const changed = () => {
    setRound(before => before + 1);
    onChanged();
  };
  const setFilters = (filters: readonly Filter[]) => navigate(filterAddress(name, filters, sortText), { replace: true });
  const add = (
    <Button kind="primary" icon="plus" data-new onClick={() => setAdding({})}>
      {words('add')}
    </Button>
  );
  const count = pages.count.value;
  return (
    <>
      <div class="toolbar">
        <FilterBar filters={listing.filters} fields={fields} onChange={setFilters} />
        <div class="row spread">
          {chosen.size > 0 && (
            <>
              <span class="muted">{words('selected', { count: chosen.size })}</span>
              <Button icon="edit" label={isPhone.value ? words('changeSelected') : undefined} onClick={() => setAct({ act: 'change', target: { listing, keys: [...chosen] } })}>
                {isPhone.value ? undefined : words('changeSelected')}
              </Button>
              <Button icon="trash" label={isPhone.value ? words('deleteSelected') : undefined} onClick={() => setAct({ act: 'remove', target: { listing, keys: [...chosen] } })}>
                {isPhone.value ? undefined : words('deleteSelected')}
              </Button>
            </>
          )}
          <LinkButton icon="code" href={href(queryLink(listingQuery(listing)))} aria-label={words('openAsQuery')}>
            {!isPhone.value && words('openAsQuery')}
          </LinkButton>
          <Button icon="columns" label={words('columns')} onClick={() => setPicking(true)} />
          <Button icon="refresh" label={words('refresh')} onClick={changed} />
          {listing.filters.length > 0 && (
            <Menu
              icon="more"
              label={words('more')}
              button={null}
              alignRight
              items={[
                { text: words('changeFitting'), icon: 'edit', run: () => setAct({ act: 'change', target: { listing } }) },
                { text: words('deleteFitting'), icon: 'trash', danger: true, run: () => setAct({ act: 'remove', target: { listing } }) },
              ]}
            />
          )}
          {add}
        </div>
      </div>
      {pages.error.value !== null && <ErrorBox error={pages.error.value} onRetry={() => setRound(round + 1)} />}
      {pages.isLoading && <Busy onCancel={() => pages.close()} />}
      {count === 0 && listing.filters.length === 0 && (
        <EmptyState
          icon="document"
          title={words('empty')}
          action={
            <>
              {add}
              <LinkButton icon="upload" href={href(pathOf(name, 'import'))}>
                {words('import')}
              </LinkButton>
            </>
          }
          code={`INSERT { name: "Ada" } INTO ${collectionName(name)}`}
        >
          {words('emptyText')}
        </EmptyState>
      )}
      {count === 0 && listing.filters.length > 0 && <EmptyState icon="filter" title={words('nothingFits')} action={<Button onClick={() => setFilters([])}>{words('clearFilters')}</Button>} />}
      {count !== 0 && !pages.isLoading && (
        <>
          <Grid
            class="fill"
            label={words('documents')}
            columns={columns}
            count={pages.rows}
            row={index => pages.row(index)}
            onRange={(first, last) => pages.need(first, last)}
            onOpen={document => navigate(documentAddress(name, String(document._key)))}
            sort={{ id: listing.sort.field, descending: listing.sort.descending }}
            onSort={id => changeQuery({ sort: id === listing.sort.field && !listing.sort.descending ? `-${id}` : id === '_key' ? null : id })}
            rowClass={document => (chosen.has(String(document._key)) ? 'selected' : undefined)}
          />
          <div class="status-line numbers" role="status">
            {count !== undefined && words('status', { count, time: formatDuration(pages.milliseconds.value) })}
          </div>
        </>
      )}
      {adding && <DocumentDrawer collection={collection} start={adding} onClose={() => setAdding(null)} onChanged={changed} onClone={setAdding} />}
      {documentKey !== undefined && (
        <DocumentDrawer key={documentKey} collection={collection} documentKey={documentKey} onClose={() => navigate(filterAddress(name, listing.filters, sortText))} onChanged={changed} onClone={start => { navigate(filterAddress(name, listing.filters, sortText)); setAdding(start); }} />
      )}
      {picking && <ColumnPicker fields={fields} picked={picked ?? fields} onClose={() => setPicking(false)} onPick={next => { setPicked(next); remember(shownKey, next); }} />}
      {act?.act === 'change' && <ChangeDocuments target={act.target} fields={fields} onClose={() => setAct(null)} onDone={changed} />}
      {act?.act === 'remove' && <RemoveDocuments target={act.target} onClose={() => setAct(null)} onDone={changed} />}
    </>
  );
}

const documentAddress = (name: string, key: string) => pathOf(name, 'documents', key) + window.location.search;

function filterAddress(name: string, filters: readonly Filter[], sort: string): string {
  const search = new URLSearchParams(filters.map(filter => ['where', formatFilter(filter)]));
  if (sort !== '_key') search.set('sort', sort);
  const text = search.toString();
  return pathOf(name) + (text ? `?${text}` : '');
}

const PIXELS_OF_CHARACTER = 7.6;

function gridColumns(name: string, layouts: ReadonlyMap<string, { width: number; numeric: boolean }>, chosen: ReadonlySet<string>, choose: (next: ReadonlySet<string>) => void): Column<Document>[] {
  const toggle = (key: string) => {
    const next = new Set(chosen);
    if (!next.delete(key)) next.add(key);
    choose(next);
  };
  return [
    {
      id: ' choose',
      title: '',
      width: 40,
      text: () => '',
      render: row => <input type="checkbox" aria-label={words('selectRow', { key: String(row._key) })} checked={chosen.has(String(row._key))} onChange={() => toggle(String(row._key))} />,
    },
    ...[...layouts].map(([field, layout]): Column<Document> => ({
      id: field,
      title: field,
      ...layout,
      sortable: true,
      text: row => cellText(row[field]),
      render: field === '_key' ? row => <a href={href(documentAddress(name, String(row._key)))}>{String(row._key)}</a> : row => cell(row[field]),
    })),
  ];
}

function cell(value: unknown) {
  const text = cellText(value);
  const kind = value === null || value === undefined ? 'null' : typeof value;
  return <span class={`value-${kind}`}>{text.length > 300 ? `${text.slice(0, 300)}…` : text}</span>;
}

function ColumnPicker({ fields, picked, onPick, onClose }: { fields: readonly string[]; picked: readonly string[]; onPick(next: string[] | null): void; onClose(): void }) {
  const [typed, setTyped] = useState('');
  return (
    <Dialog title={words('columns')} onClose={onClose} actions={<Button onClick={() => { onPick(null); onClose(); }}>{words('allColumns')}</Button>}>
      <input type="search" data-first aria-label={words('columns')} value={typed} onInput={event => setTyped(event.currentTarget.value)} />
      <div class="column-list">
        {fields
          .filter(field => field !== '_key' && field.toLowerCase().includes(typed.toLowerCase()))
          .map(field => (
            <Checkbox key={field} label={<code>{field}</code>} checked={picked.includes(field)} onValue={checked => onPick(checked ? [...picked, field] : picked.filter(one => one !== field))} />
          ))}
      </div>
    </Dialog>
  );
}
