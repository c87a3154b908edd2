import './collections.css';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { PageProps } from '../../app/pages';
import type { CollectionInfo } from '../../core/api/answers';
import { collections, collectionsError, loadCollections } from '../../core/catalogue';
import { queryLink } from '../../core/links';
import { formatBytes, formatNumber, formatRough, language } from '../../core/messages';
import { usePlace } from '../../core/place';
import { changeQuery, href, location, navigate } from '../../core/router';
import { isPhone } from '../../core/viewport';
import { Busy } from '../../ui/Busy';
import { Button } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorBox } from '../../ui/ErrorBox';
import { Checkbox, Select } from '../../ui/Field';
import { FilterField } from '../../ui/FilterField';
import { Grid, type Column } from '../../ui/Grid';
import { Icon } from '../../ui/Icon';
import { Menu } from '../../ui/Menu';
import { addPaletteSource } from '../../ui/paletteSources';
import { useLater } from '../../ui/useLater';
import { AddCollection, DropCollection, RenameCollection, TruncateCollection } from './dialogs';
import { words } from './messages';

type Act = 'drop' | 'truncate' | 'rename';

const countOf = (one: CollectionInfo) => one.figures?.count;
const indexesOf = (one: CollectionInfo) => (typeof one.figures?.indexes === 'object' ? one.figures.indexes.count : one.figures?.indexes);
const placeOf = (one: CollectionInfo) => (one.isLocal ? words('thisRegion') : one.isSpot ? words('spot') : one.regions?.length ? one.regions.join(', ') : words('everywhere'));

export const collectionPath = (name: string, rest = '') => `/collections/${encodeURIComponent(name)}${rest}`;

/** The list of collections: from one call, filtered and sorted here, drawn a screen at a time. */
export default function CollectionsPage(_: PageProps) {
  usePlace([{ text: words('title') }]);
  const [adding, setAdding] = useState(false);
  const [act, setAct] = useState<{ act: Act; collection: CollectionInfo } | null>(null);
  useEffect(() => {
    void loadCollections();
    return addPaletteSource(() => [{ id: 'add collection', title: words('add'), kind: '', icon: 'plus', run: () => setAdding(true) }]);
  }, []);

  const { query } = location.value;
  const filter = query.get('filter') ?? '';
  const type = query.get('type') ?? '';
  const system = query.get('system') === '1';
  const [sortId, descending] = (query.get('sort') ?? 'name').startsWith('-') ? [(query.get('sort') ?? '').slice(1), true] : [query.get('sort') ?? 'name', false];
  const list = collections.value;
  const narrow = isPhone.value;
  const columns = useMemo(() => columnsOf(narrow, setAct), [narrow, language.value]);
  const ordered = useMemo(() => {
    const keys: Record<string, (one: CollectionInfo) => string | number> = { name: one => one.name, count: one => countOf(one) ?? -1, size: one => one.figures?.documentsSize ?? -1, indexes: one => indexesOf(one) ?? -1, type: one => one.type };
    const key = keys[sortId] ?? keys.name;
    return (list ?? [])
      .filter(one => (system || !one.isSystem) && (!type || String(one.type) === type))
      .sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a.name < b.name ? -1 : 1) * (descending ? -1 : 1));
  }, [list, type, system, sortId, descending]);
  const wanted = useLater(filter);
  const shown = useMemo(() => {
    const typed = wanted.toLowerCase();
    return typed ? ordered.filter(one => one.name.toLowerCase().includes(typed)) : ordered;
  }, [ordered, wanted]);
  const all = (list ?? []).filter(one => system || !one.isSystem).length;
  const add = (
    <Button kind="primary" icon="plus" data-new onClick={() => setAdding(true)}>
      {words('add')}
    </Button>
  );

  return (
    <div class="page full">
      <div class="page-head">
        <h1>
          {words('title')}
          {list && <span class="badge">{shown.length === all ? formatNumber(all) : words('shown', { shown: shown.length, count: all })}</span>}
        </h1>
        <div class="actions">
          <Button icon="refresh" label={words('refresh')} onClick={() => void loadCollections()} />
          {add}
        </div>
      </div>
      {list && list.length > 0 && (
        <div class="toolbar">
          <FilterField label={words('filter')} value={filter} onValue={value => changeQuery({ filter: value })} />
          <Select
            bare
            label={words('type')}
            value={type}
            onValue={value => changeQuery({ type: value })}
            options={[
              ['', words('all')],
              ['2', words('documents')],
              ['3', words('edges')],
            ]}
          />
          <Checkbox label={words('showSystem')} checked={system} onValue={checked => changeQuery({ system: checked ? '1' : null })} />
        </div>
      )}
      {collectionsError.value !== null && <ErrorBox error={collectionsError.value} onRetry={() => void loadCollections()} />}
      {!list && collectionsError.value === null && <Busy />}
      {list && all === 0 && !filter && (
        <EmptyState icon="collections" title={words('empty')} action={add} code={'INSERT { name: "Ada", city: "Oslo" } INTO addresses'}>
          {words('emptyText')}
        </EmptyState>
      )}
      {list && all > 0 && shown.length === 0 && <EmptyState icon="filter" title={words('emptyHere')} action={<Button onClick={() => changeQuery({ filter: null, type: null })}>{words('clearFilter')}</Button>} />}
      {shown.length > 0 && (
        <Grid
          class="fill"
          label={words('title')}
          rowHeight={42}
          columns={columns}
          count={shown.length}
          row={index => shown[index]}
          onOpen={one => navigate(collectionPath(one.name))}
          sort={{ id: sortId, descending }}
          onSort={id => changeQuery({ sort: id === sortId && !descending ? `-${id}` : id })}
        />
      )}
      {adding && <AddCollection onClose={() => setAdding(false)} onAdded={() => undefined} />}
      {act?.act === 'drop' && <DropCollection collection={act.collection} count={countOf(act.collection) ?? 0} onClose={() => setAct(null)} />}
      {act?.act === 'truncate' && <TruncateCollection collection={act.collection} count={countOf(act.collection) ?? 0} onClose={() => setAct(null)} />}
      {act?.act === 'rename' && <RenameCollection collection={act.collection} onClose={() => setAct(null)} />}
    </div>
  );
}

function columnsOf(narrow: boolean, setAct: (act: { act: Act; collection: CollectionInfo }) => void): Column<CollectionInfo>[] {
  const known = (value: number | undefined, format: (value: number) => string) => (value === undefined ? '–' : format(value));
  const columns: Column<CollectionInfo>[] = [
    {
      id: 'name',
      title: words('name'),
      width: narrow ? 190 : 320,
      grow: narrow,
      sortable: true,
      text: one => one.name,
      render: one => (
        <a class="collection-link" href={href(collectionPath(one.name))}>
          <Icon name={one.type === 3 ? 'edge' : 'document'} />
          {one.name}
        </a>
      ),
    },
    { id: 'count', title: words('count'), width: narrow ? 92 : 130, numeric: true, sortable: true, text: one => known(countOf(one), formatRough) },
    { id: 'type', title: words('type'), width: 130, sortable: true, text: one => words(one.type === 3 ? 'edges' : 'documents'), render: one => <span class={one.type === 3 ? 'badge note' : 'badge accent'}>{words(one.type === 3 ? 'typeEdge' : 'typeDocument')}</span> },
    { id: 'size', title: words('size'), width: 110, numeric: true, sortable: true, text: one => known(one.figures?.documentsSize, formatBytes) },
    { id: 'indexes', title: words('indexes'), width: 100, numeric: true, sortable: true, text: one => known(indexesOf(one), formatNumber) },
    { id: 'regions', title: words('regions'), width: 240, grow: true, text: placeOf },
    {
      id: 'actions',
      title: '',
      width: 56,
      text: () => '',
      render: one => (
        <Menu
          kind="quiet"
          small
          alignRight
          icon="more"
          label={words('actionsFor', { name: one.name })}
          button={null}
          items={() => [
            { text: words('open'), icon: 'collections', run: () => navigate(collectionPath(one.name)) },
            { text: words('query'), icon: 'query', run: () => navigate(queryLink(`FOR d IN ${one.name}\n  LIMIT 100\n  RETURN d`)) },
            { text: words('import'), icon: 'upload', run: () => navigate(collectionPath(one.name, '/import')) },
            { text: words('export'), icon: 'download', run: () => navigate(collectionPath(one.name, '/export')) },
            null,
            { text: words('rename'), icon: 'edit', disabled: one.isSystem, run: () => setAct({ act: 'rename', collection: one }) },
            { text: words('truncate'), icon: 'close', danger: true, run: () => setAct({ act: 'truncate', collection: one }) },
            { text: words('drop'), icon: 'trash', danger: true, disabled: one.isSystem, run: () => setAct({ act: 'drop', collection: one }) },
          ]}
        />
      ),
    },
  ];
  return narrow ? columns.filter(column => ['name', 'count', 'actions'].includes(column.id)) : columns;
}
