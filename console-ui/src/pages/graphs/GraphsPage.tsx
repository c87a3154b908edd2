import { useState } from 'preact/hooks';
import { call } from '../../core/api/client';
import type { PageProps } from '../../app/pages';
import { usePlace } from '../../core/place';
import { fabric, href, location, navigate } from '../../core/router';
import { Busy } from '../../ui/Busy';
import { Button } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorBox } from '../../ui/ErrorBox';
import { FilterField } from '../../ui/FilterField';
import { useLoad } from '../../ui/useLoad';
import { DefinitionPicture } from './DefinitionPicture';
import { GraphWalk } from './GraphWalk';
import { AddGraph } from './laterDialogs';
import { words } from './messages';
import './graphs.css';

/** The graphs of the fabric; one is opened by its name in the address. */
export default function GraphsPage({ params }: PageProps) {
  usePlace([{ text: words('title'), path: '/graphs' }, ...(params.graph ? [{ text: params.graph }] : [])]);
  return params.graph ? <GraphWalk key={params.graph} name={params.graph} /> : <GraphList />;
}

function GraphList() {
  const { value, error, reload } = useLoad(async signal => (await call('listGraphs', { signal })).graphs, [fabric.value]);
  const [adding, setAdding] = useState(location.value.query.get('add') !== null);
  const [typed, setTyped] = useState('');
  const shown = (value ?? []).filter(graph => graph.name.toLowerCase().includes(typed.toLowerCase()));
  const add = (
    <Button kind="primary" icon="plus" data-new onClick={() => setAdding(true)}>
      {words('add')}
    </Button>
  );
  return (
    <div class="page graphs-page">
      <header class="page-head">
        <h1>{words('title')}</h1>
        {value && value.length > 0 && <div class="actions">{add}</div>}
      </header>
      {error !== null && <ErrorBox error={error} onRetry={reload} />}
      {!value && error === null && <Busy />}
      {value?.length === 0 && (
        <EmptyState icon="graph" title={words('emptyTitle')} action={add} code={'FOR v, e, p IN 1..3 OUTBOUND "people/ada" GRAPH "friends" RETURN p'}>
          {words('emptyText')}
        </EmptyState>
      )}
      {value && value.length > 0 && (
        <div class="toolbar">
          <FilterField label={words('filter')} value={typed} onValue={setTyped} />
        </div>
      )}
      {value && value.length > 0 && shown.length === 0 && <p class="muted">{words('noneFit')}</p>}
      <ul class="graph-cards">
        {shown.map(graph => (
          <li key={graph.name} class="card">
            <h2>
              <a href={href(`/graphs/${encodeURIComponent(graph.name)}`)}>{graph.name}</a>
            </h2>
            <DefinitionPicture graph={graph} />
          </li>
        ))}
      </ul>
      {adding && (
        <AddGraph
          onClose={() => setAdding(false)}
          onAdded={name => {
            setAdding(false);
            navigate(`/graphs/${encodeURIComponent(name)}`);
          }}
        />
      )}
    </div>
  );
}
