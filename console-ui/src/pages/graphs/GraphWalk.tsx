import { useEffect, useRef, useState } from 'preact/hooks';
import { call } from '../../core/api/client';
import type { GraphDefinition } from '../../core/api/answers';
import type { GraphData } from '../../core/graph/graphData';
import { GraphExplorer } from '../../core/graph/GraphExplorer';
import { queryLink } from '../../core/links';
import { changeQuery, fabric, location, navigate } from '../../core/router';
import { Busy } from '../../ui/Busy';
import { Button } from '../../ui/Button';
import { DropButton } from '../../ui/DropButton';
import { ErrorBox } from '../../ui/ErrorBox';
import { Field, Select } from '../../ui/Field';
import { toast, toastError } from '../../ui/Toast';
import { useLoad } from '../../ui/useLoad';
import { DefinitionPicture } from './DefinitionPicture';
import { expand, expandStep, someVertex, suggestVertices, walk } from './graphQueries';
import { walkText, type Direction, type Walk } from './graphText';
import { EditGraph } from './laterDialogs';
import { words } from './messages';

const directions: readonly Direction[] = ['ANY', 'OUTBOUND', 'INBOUND'];

function walkOf(query: URLSearchParams): Omit<Walk, 'start'> & { start: string | null } {
  const number = (name: string, fallback: number, most: number) => Math.min(most, Math.max(1, Math.floor(Number(query.get(name))) || fallback));
  const direction = query.get('direction') as Direction;
  return { start: query.get('start'), depth: number('depth', 2, 10), limit: number('limit', 250, 10_000), direction: directions.includes(direction) ? direction : 'ANY' };
}

/** Walks a graph from a vertex; the address says from where, how deep and in which direction. */
export function GraphWalk({ name }: { name: string }) {
  const { value: graph, error, reload } = useLoad(async signal => (await call('readGraph', { path: { graph: name }, signal })).graph, [name, fabric.value]);
  const [editing, setEditing] = useState(false);
  if (error)
    return (
      <div class="page">
        <ErrorBox error={error} onRetry={reload} />
      </div>
    );
  if (!graph) return <Busy />;
  return (
    <div class="page full graphs-page">
      <header class="page-head">
        <h1>{name}</h1>
        <DefinitionPicture graph={graph} />
        <div class="actions">
          <Button icon="edit" onClick={() => setEditing(true)}>
            {words('edit')}
          </Button>
          <DropButton
            name={name}
            action={words('drop')}
            text={words('dropText')}
            onDrop={async () => {
              await call('dropGraph', { path: { graph: name } });
              toast(words('dropped', { name }));
              navigate('/graphs');
            }}
          />
        </div>
      </header>
      <Walker graph={graph} />
      {editing && <EditGraph graph={graph} onClose={() => setEditing(false)} onChanged={reload} />}
    </div>
  );
}

function Walker({ graph }: { graph: GraphDefinition }) {
  const wanted = walkOf(location.value.query);
  const { value, error, loading, reload, cancel } = useLoad(
    async signal => {
      const start = wanted.start ?? (await someVertex(graph, signal));
      return start === null ? { start, data: null } : { start, data: await walk(graph, { ...wanted, start }, signal) };
    },
    [graph.name, location.value.query.toString()],
  );
  const [grown, setGrown] = useState<GraphData | null>(null);
  const offsets = useRef(new Map<string, number>());
  useEffect(() => {
    setGrown(null);
    offsets.current.clear();
  }, [value]);
  const data = grown ?? value?.data ?? null;
  const onExpand = async (id: string) => {
    if (!data) return;
    const offset = offsets.current.get(id) ?? 0;
    try {
      const next = await expand(graph, data, id, wanted.direction, offset);
      offsets.current.set(id, offset + expandStep);
      setGrown(next.data);
      if (next.hasMore) toast({ kind: 'note', text: words('more', { count: `${expandStep}+`, id }) });
    } catch (problem) {
      toastError(problem);
    }
  };
  return (
    <>
      <WalkForm key={value?.start ?? ''} graph={graph} walk={{ ...wanted, start: wanted.start ?? value?.start ?? '' }} />
      {error !== null && <ErrorBox error={error} onRetry={reload} />}
      {loading && !data && <Busy onCancel={cancel} />}
      {value && value.data === null && <p class="notice">{words('noVertex')}</p>}
      {value && data && data.nodes.length === 0 && <p class="notice">{words('noStart', { id: value.start ?? '' })}</p>}
      {data && data.nodes.length > 0 && (
        <GraphExplorer
          data={data}
          name={graph.name}
          onExpand={id => void onExpand(id)}
          actions={id => (
            <>
              <Button small icon="plus" onClick={() => void onExpand(id)}>
                {words('expand')}
              </Button>
              <Button small icon="play" onClick={() => changeQuery({ start: id })}>
                {words('start')}
              </Button>
            </>
          )}
        />
      )}
    </>
  );
}

function WalkForm({ graph, walk: given }: { graph: GraphDefinition; walk: Walk }) {
  const [start, setStart] = useState(given.start);
  const suggestions = useLoad(signal => suggestVertices(graph, start, signal), [start, graph.name]);
  return (
    <form
      class="walk-form"
      onSubmit={event => {
        event.preventDefault();
        changeQuery({ start });
      }}
    >
      <Field label={words('start')} list="vertex-suggestions" placeholder={words('startHint')} value={start} onValue={setStart} autocomplete="off" spellcheck={false} />
      <datalist id="vertex-suggestions">{suggestions.value?.map(id => <option key={id} value={id} />)}</datalist>
      <Select label={words('depth')} value={String(given.depth)} onValue={depth => changeQuery({ depth })} options={['1', '2', '3', '4', '5'].map(one => [one, one] as const)} />
      <Select
        label={words('direction')}
        value={given.direction}
        onValue={direction => changeQuery({ direction })}
        options={[
          ['ANY', words('any')],
          ['OUTBOUND', words('outbound')],
          ['INBOUND', words('inbound')],
        ]}
      />
      <Select label={words('limit')} value={String(given.limit)} onValue={limit => changeQuery({ limit })} options={['50', '250', '1000', '3000'].map(one => [one, one] as const)} />
      <Button kind="primary" type="submit">
        {words('show')}
      </Button>
      <Button icon="query" onClick={() => navigate(queryLink(walkText(given), { start, graph: graph.name, limit: given.limit }))}>
        {words('openQuery')}
      </Button>
    </form>
  );
}
