import type { ComponentChildren } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import { href } from '../router';
import { Button } from '../../ui/Button';
import { CopyButton } from '../../ui/CopyButton';
import { Select } from '../../ui/Field';
import { Menu } from '../../ui/Menu';
import { saveFile } from '../results/download';
import { attributesOf, capped, captionOf, collectionOf, groupsOf, type GraphData } from './graphData';
import { graphColours, GraphView, type GraphHandle } from './GraphView';
import { graphWords } from './messages';

export interface GraphExplorerProps {
  data: GraphData;
  /** What exported files are called. */
  name: string;
  onExpand?(id: string): void;
  /** Controls at the left of the row, and what is said below it. */
  tools?: ComponentChildren;
  /** Buttons in the panel of the vertex that is picked. */
  actions?(id: string): ComponentChildren;
}

/** How many vertices and edges are drawn unless more are asked for. */
const softCap = 2000;

/** A graph with what one does to it: colours, labels, the document of a vertex, files, and the same as a table. */
export function GraphExplorer({ data, name, onExpand, tools, actions }: GraphExplorerProps) {
  const [selected, setSelected] = useState<string | null>(null);
  const [colourBy, setColourBy] = useState('');
  const [labelBy, setLabelBy] = useState('');
  const [asTable, setAsTable] = useState(false);
  const [all, setAll] = useState(false);
  const handle = useRef<GraphHandle>(null);
  const attributes = useMemo(() => attributesOf(data), [data]);
  const drawn = useMemo(() => (all ? { data, left: 0 } : capped(data, softCap)), [data, all]);
  const label = labelBy || attributes.find(one => ['name', 'title', 'label'].includes(one.toLowerCase())) || '_key';
  const total = data.nodes.length + data.edges.length;
  const picked = selected === null ? undefined : data.nodes.find(node => node.id === selected);
  const save = async (kind: 'png' | 'svg' | 'json') => {
    const content = kind === 'json' ? JSON.stringify(data, null, 2) : kind === 'svg' ? handle.current?.toSvg() : await handle.current?.toPng();
    if (content) saveFile(content instanceof Blob ? content : new Blob([content], { type: kind === 'svg' ? 'image/svg+xml' : 'application/json' }), `${name}.${kind}`);
  };
  return (
    <div class="graph-explorer">
      <div class="graph-tools">
        {tools}
        <Select label={graphWords('colourBy')} value={colourBy} onValue={setColourBy} options={[['', graphWords('collection')], ...attributes.map(one => [one, one] as const)]} />
        <Select label={graphWords('labelBy')} value={label} onValue={setLabelBy} options={[['_key', graphWords('key')], ...attributes.map(one => [one, one] as const)]} />
        <Button icon={asTable ? 'graph' : 'table'} onClick={() => setAsTable(!asTable)}>
          {graphWords(asTable ? 'asGraph' : 'asTable')}
        </Button>
        {!asTable && <Button onClick={() => handle.current?.fit()}>{graphWords('fit')}</Button>}
        <Menu
          button={graphWords('save')}
          icon="download"
          items={[
            ...(asTable ? [] : ([['png', 'picturePng'], ['svg', 'pictureSvg']] as const).map(([kind, text]) => ({ text: graphWords(text), run: () => void save(kind) }))),
            { text: graphWords('json'), run: () => void save('json') },
          ]}
        />
      </div>
      {drawn.left > 0 && (
        <p class="notice" role="status">
          {graphWords('left', { shown: total - drawn.left, all: total })}{' '}
          <Button small onClick={() => setAll(true)}>
            {graphWords('showAll')}
          </Button>
        </p>
      )}
      <ul class="graph-legend" aria-label={graphWords('legend')}>
        {groupsOf(drawn.data, colourBy, graphColours.length).map(({ group, count }, index) => (
          <li key={group}>
            <svg width="12" height="12" aria-hidden="true">
              <circle cx="6" cy="6" r="5" fill={`var(--${graphColours[index]})`} />
            </svg>
            {group} ({count})
          </li>
        ))}
      </ul>
      <div class="graph-stage">
        {asTable ? <GraphTables data={data} onSelect={setSelected} /> : <GraphView data={drawn.data} colourBy={colourBy} labelBy={label} selected={selected} onSelect={setSelected} onExpand={onExpand} handle={handle} />}
        {picked && (
          <section class="graph-document" aria-label={picked.id}>
            <header>
              <a href={href(`/collections/${encodeURIComponent(collectionOf(picked.id))}/documents/${encodeURIComponent(captionOf({ id: picked.id }, '_key'))}`)}>{picked.id}</a>
              <Button kind="quiet" small icon="close" label={graphWords('close')} onClick={() => setSelected(null)} />
            </header>
            {actions && <div class="row">{actions(picked.id)}</div>}
            {picked.document ? (
              <>
                <pre tabIndex={0}>{JSON.stringify(picked.document, null, 2)}</pre>
                <CopyButton text={JSON.stringify(picked.document, null, 2)} />
              </>
            ) : (
              <p class="muted">{graphWords('missing')}</p>
            )}
          </section>
        )}
      </div>
    </div>
  );
}

// As many rows as a person reads; the JSON file has all.
const mostRows = 500;

function GraphTables({ data, onSelect }: { data: GraphData; onSelect(id: string): void }) {
  return (
    <div class="graph-tables card" tabIndex={0} role="region" aria-label={graphWords('asTable')}>
      <h3>
        {graphWords('vertices')} ({data.nodes.length})
      </h3>
      <table>
        <tbody>
          {data.nodes.slice(0, mostRows).map(node => (
            <tr key={node.id}>
              <th scope="row">
                <button type="button" class="as-link" onClick={() => onSelect(node.id)}>
                  {node.id}
                </button>
              </th>
            </tr>
          ))}
        </tbody>
      </table>
      <h3>
        {graphWords('edges')} ({data.edges.length})
      </h3>
      <table>
        <thead>
          <tr>
            <th scope="col">{graphWords('from')}</th>
            <th scope="col">{graphWords('to')}</th>
          </tr>
        </thead>
        <tbody>
          {data.edges.slice(0, mostRows).map(edge => (
            <tr key={edge.id}>
              <td>{edge.from}</td>
              <td>{edge.to}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
