import { useState } from 'preact/hooks';
import { call } from '../../core/api/client';
import type { PageProps } from '../../app/pages';
import { usePlace } from '../../core/place';
import { changeQuery, fabric, href, location, navigate } from '../../core/router';
import { Busy } from '../../ui/Busy';
import { Button } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorBox } from '../../ui/ErrorBox';
import { FilterField } from '../../ui/FilterField';
import { Tabs } from '../../ui/Tabs';
import { useLoad } from '../../ui/useLoad';
import { Analyzers } from './Analyzers';
import { AddView } from './laterDialogs';
import { ViewSearch } from './ViewSearch';
import { words } from './messages';
import './search.css';

/** Search views and analyzers; a view of its own is opened by its name in the address. */
export default function SearchPage({ params }: PageProps) {
  usePlace([{ text: words('title'), path: '/search' }, ...(params.view ? [{ text: params.view }] : [])]);
  if (params.view) return <ViewSearch key={params.view} name={params.view} />;
  const tab = location.value.query.get('tab') === 'analyzers' ? 'analyzers' : 'views';
  return (
    <div class="page search-page">
      <header class="page-head">
        <h1>{words('title')}</h1>
      </header>
      <Tabs
        label={words('title')}
        selected={tab}
        onSelect={id => changeQuery({ tab: id === 'views' ? null : id })}
        tabs={[
          { id: 'views', title: words('views') },
          { id: 'analyzers', title: words('analyzers') },
        ]}
      />
      <div role="tabpanel" id={`panel-${tab}`}>
        {tab === 'views' ? <Views /> : <Analyzers />}
      </div>
    </div>
  );
}

function Views() {
  const { value, error, reload } = useLoad(async signal => {
    const { result } = await call('listViews', { signal });
    return Promise.all(result.map(async view => (await call('readViewProperties', { path: { view: view.name }, signal })).result));
  }, [fabric.value]);
  const [adding, setAdding] = useState(location.value.query.get('add') !== null);
  const [typed, setTyped] = useState('');
  if (error) return <ErrorBox error={error} onRetry={reload} />;
  if (!value) return <Busy />;
  const shown = value.filter(view => `${view.name} ${Object.keys(view.links).join(' ')}`.toLowerCase().includes(typed.toLowerCase()));
  const add = (
    <Button kind="primary" icon="plus" data-new onClick={() => setAdding(true)}>
      {words('add')}
    </Button>
  );
  return (
    <>
      {value.length === 0 ? (
        <EmptyState icon="search" title={words('emptyTitle')} action={add} code={'FOR doc IN people SEARCH ANALYZER(doc.about == "hiking", "text_en") SORT BM25(doc) DESC RETURN doc'}>
          {words('emptyText')}
        </EmptyState>
      ) : (
        <>
          <div class="toolbar">
            <FilterField label={words('filter')} value={typed} onValue={setTyped} />
            <div class="row spread">{add}</div>
          </div>
          {shown.length === 0 && <p class="muted">{words('noneFit')}</p>}
          <ul class="views">
            {shown.map(view => (
              <li key={view.name} class="card">
                <a class="view-name" href={href(`/search/${encodeURIComponent(view.name)}`)}>
                  {view.name}
                </a>
                <span class="muted">{words('searches', { collections: Object.keys(view.links).join(', ') })}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      {adding && (
        <AddView
          onClose={() => setAdding(false)}
          onAdded={name => {
            setAdding(false);
            navigate(`/search/${encodeURIComponent(name)}`);
          }}
        />
      )}
    </>
  );
}
