import './collection.css';
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { PageProps } from '../../app/pages';
import { ApiError, call } from '../../core/api/client';
import type { CollectionInfo } from '../../core/api/answers';
import { queryLink } from '../../core/links';
import { formatRough } from '../../core/messages';
import { usePlace } from '../../core/place';
import { href, navigate } from '../../core/router';
import { Busy } from '../../ui/Busy';
import { LinkButton } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorBox } from '../../ui/ErrorBox';
import { Icon } from '../../ui/Icon';
import { Menu } from '../../ui/Menu';
import { Tabs } from '../../ui/Tabs';
import { useLoad } from '../../ui/useLoad';
import { DropCollection, RenameCollection, TruncateCollection } from '../collections/dialogs';
import { DocumentsTab } from './DocumentsTab';
import { collectionName } from './filters';
import { words } from './messages';

export interface TabProps {
  collection: CollectionInfo;
  /** The document the address names. */
  documentKey?: string;
  /** Something was written: the counts are read again. */
  onChanged(): void;
  /** Its properties were changed: they are read again. */
  onRedefined(): void;
}

type TabName = 'documents' | 'schema' | 'indexes' | 'settings' | 'code' | 'import' | 'export';

// The documents come with the page; the others are loaded when they are opened.
const tabs: Record<TabName, () => Promise<ComponentType<TabProps>>> = {
  documents: () => Promise.resolve(DocumentsTab),
  schema: () => import('./SchemaTab').then(module => module.SchemaTab),
  indexes: () => import('./IndexesTab').then(module => module.IndexesTab),
  settings: () => import('./SettingsTab').then(module => module.SettingsTab),
  code: () => import('./CodeTab').then(module => module.CodeTab),
  import: () => import('./importing/ImportTab').then(module => module.ImportTab),
  export: () => import('./ExportTab').then(module => module.ExportTab),
};

export const pathOf = (name: string, ...rest: string[]) => ['/collections', name, ...rest].map((part, index) => (index ? encodeURIComponent(part) : part)).join('/');

export default function CollectionPage({ params: { name, tab = 'documents', key } }: PageProps) {
  usePlace([{ text: words('collections'), path: '/collections' }, { text: name, path: pathOf(name) }, ...(key ? [{ text: key }] : tab !== 'documents' && tab in tabs ? [{ text: words(tab as TabName) }] : [])]);
  const [changes, setChanges] = useState(0);
  const [truncations, setTruncations] = useState(0);
  const [act, setAct] = useState<'drop' | 'truncate' | 'rename' | null>(null);
  const settings = useLoad(signal => call('readCollectionProperties', { path: { collection: name }, signal }), [name]);
  const count = useLoad(signal => call('countDocuments', { path: { collection: name }, signal }).then(answer => answer.count), [name, changes]);

  if (settings.error instanceof ApiError && settings.error.status === 404)
    return (
      <EmptyState icon="collections" title={words('missing', { name })} action={<LinkButton kind="primary" href={href('/collections')}>{words('toList')}</LinkButton>}>
        {words('missingText')}
      </EmptyState>
    );
  if (settings.error) return <div class="page"><ErrorBox error={settings.error} onRetry={settings.reload} /></div>;
  if (!settings.value) return <Busy onCancel={settings.cancel} />;
  const collection = settings.value;
  const selected = (tab in tabs ? tab : 'documents') as TabName;
  const changed = () => setChanges(before => before + 1);
  return (
    <div class="page full collection-page">
      <div class="page-head">
        <h1>
          <Icon name={collection.type === 3 ? 'edge' : 'document'} size={20} />
          {name}
          <span class={collection.type === 3 ? 'badge note' : 'badge accent'}>{words(collection.type === 3 ? 'typeEdge' : 'typeDocument')}</span>
          {count.value !== undefined && <span class="badge numbers">{formatRough(count.value)}</span>}
        </h1>
        <div class="actions">
          <LinkButton icon="query" href={href(queryLink(`FOR d IN ${collectionName(name)}\n  LIMIT 100\n  RETURN d`))}>
            {words('query')}
          </LinkButton>
          <Menu
            icon="more"
            label={words('more')}
            button={null}
            alignRight
            items={[
              { text: words('import'), icon: 'upload', run: () => navigate(pathOf(name, 'import')) },
              { text: words('export'), icon: 'download', run: () => navigate(pathOf(name, 'export')) },
              null,
              { text: words('rename'), icon: 'edit', disabled: collection.isSystem, run: () => setAct('rename') },
              { text: words('truncate'), icon: 'close', danger: true, run: () => setAct('truncate') },
              { text: words('drop'), icon: 'trash', danger: true, disabled: collection.isSystem, run: () => setAct('drop') },
            ]}
          />
        </div>
      </div>
      <Tabs label={words('tabs')} tabs={(Object.keys(tabs) as TabName[]).map(id => ({ id, title: words(id) }))} selected={selected} onSelect={id => navigate(id === 'documents' ? pathOf(name) : pathOf(name, id))} />
      <div role="tabpanel" id={`panel-${selected}`} aria-label={words(selected)} class="tab-panel">
        <TabContent key={`${selected} ${truncations}`} name={selected} collection={collection} documentKey={key} onChanged={changed} onRedefined={settings.reload} />
      </div>
      {act === 'drop' && <DropCollection collection={collection} count={count.value ?? 0} onClose={() => setAct(null)} onDone={() => navigate('/collections')} />}
      {act === 'truncate' && <TruncateCollection collection={collection} count={count.value ?? 0} onClose={() => setAct(null)} onDone={() => { changed(); setTruncations(before => before + 1); }} />}
      {act === 'rename' && <RenameCollection collection={collection} onClose={() => setAct(null)} onRenamed={next => navigate(pathOf(next))} />}
    </div>
  );
}

function TabContent({ name, ...props }: TabProps & { name: TabName }) {
  const [Content, setContent] = useState<ComponentType<TabProps> | null>(() => (name === 'documents' ? DocumentsTab : null));
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    if (name === 'documents') return;
    tabs[name]().then(loaded => setContent(() => loaded), setError);
  }, [name]);
  if (error) return <ErrorBox error={error} onRetry={() => window.location.reload()} />;
  return Content ? <Content {...props} /> : <Busy />;
}
