import Graph from 'graphology';
import Sigma from 'sigma';
import { EdgeArrowProgram, EdgeLineProgram } from 'sigma/rendering';
import { useEffect, useImperativeHandle, useRef, useState } from 'preact/hooks';
import type { Ref } from 'preact';
import { color, theme } from '../theme';
import { captionOf, groupsOf, type GraphData } from './graphData';
import { startPositions, type LayoutTask } from './layout';
import { svgOf, type DrawnNode } from './picture';
import { graphWords } from './messages';
import './graph.css';

export const graphColours = ['series-1', 'series-2', 'series-3', 'series-4', 'series-5', 'series-6'];

/** What may be asked of a graph that is on screen. */
export interface GraphHandle {
  fit(): void;
  toSvg(): string;
  toPng(): Promise<Blob | null>;
}

export interface GraphViewProps {
  data: GraphData;
  /** The attribute that colours the vertices; empty for their collection. */
  colourBy?: string;
  /** The attribute beside them; their key unless given. */
  labelBy?: string;
  selected: string | null;
  onSelect(id: string | null): void;
  /** A double click on a vertex. */
  onExpand?(id: string): void;
  handle?: Ref<GraphHandle>;
}

const allNamedBelow = 40;
/** Above this the labels and arrows are left out. */
const plainAbove = 2000;
const layoutBudgetMilliseconds = 4000;

/** Draws a graph that can be moved, zoomed and picked from. A worker lays it out, so the page answers meanwhile; a vertex that was dragged stays where it was put. */
export function GraphView({ data, colourBy = '', labelBy = '_key', selected, onSelect, onExpand, handle }: GraphViewProps) {
  const host = useRef<HTMLDivElement>(null);
  const sigma = useRef<Sigma | null>(null);
  const graph = useRef(new Graph({ multi: true, type: 'directed' }));
  const callbacks = useRef({ onSelect, onExpand });
  callbacks.current = { onSelect, onExpand };
  const [refused, setRefused] = useState(false);
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    if (!hasWebGl()) {
      setRefused(true);
      return;
    }
    const plain = data.nodes.length + data.edges.length > plainAbove;
    const renderer = new Sigma(graph.current, host.current!, {
      allowInvalidContainer: true,
      defaultEdgeType: plain ? 'line' : 'arrow',
      edgeProgramClasses: { arrow: EdgeArrowProgram, line: EdgeLineProgram },
      renderLabels: !plain,
      // Few vertices all show their names; among many, one per cell of a grid does.
      labelDensity: data.nodes.length <= allNamedBelow ? 8 : 0.6,
      labelRenderedSizeThreshold: data.nodes.length <= allNamedBelow ? 0 : 5,
      labelFont: 'system-ui, sans-serif',
      labelSize: 12,
      labelColor: { color: color('text') },
      defaultEdgeColor: color('line-strong'),
      zIndex: true,
      minCameraRatio: 0.02,
      maxCameraRatio: 8,
      defaultDrawNodeHover: drawHover,
    });
    sigma.current = renderer;
    listen(renderer, graph.current, callbacks);
    return () => {
      renderer.kill();
      sigma.current = null;
    };
  }, [theme.value]);

  useEffect(() => {
    update(graph.current, data);
    if (data.nodes.length === 0) return;
    const stop = startLayout(graph.current, isFinal => setBusy(!isFinal));
    setBusy(true);
    return stop;
  }, [data]);

  useEffect(() => {
    const colours = new Map(groupsOf(data, colourBy, graphColours.length).flatMap(({ nodes }, index) => nodes.map(id => [id, color(graphColours[index])] as const)));
    for (const node of data.nodes)
      if (graph.current.hasNode(node.id))
        graph.current.mergeNodeAttributes(node.id, { color: colours.get(node.id), label: captionOf(node, labelBy), highlighted: node.id === selected, zIndex: node.id === selected ? 1 : 0 });
    sigma.current?.setSetting('labelColor', { color: color('text') });
  }, [data, colourBy, labelBy, selected, theme.value]);

  useImperativeHandle(handle ?? null, () => ({
    fit: () => void sigma.current?.getCamera().animatedReset(),
    toSvg: () => pictureOf(graph.current),
    toPng: () => imageOf(pictureOf(graph.current)),
  }));

  if (refused) return <p class="notice">{graphWords('noWebGl')}</p>;
  return (
    <div class="graph-view">
      <div ref={host} class="graph-canvas" role="img" aria-label={graphWords('picture', { vertices: data.nodes.length, edges: data.edges.length })} />
      {busy && (
        <p class="graph-busy" role="status">
          {graphWords('layingOut')}
        </p>
      )}
    </div>
  );
}

function hasWebGl(): boolean {
  try {
    return document.createElement('canvas').getContext('webgl2') !== null;
  } catch {
    return false;
  }
}

/** Makes the drawn graph hold what the data holds; what is there already keeps its place. */
function update(graph: Graph, data: GraphData): void {
  const nodes = new Set(data.nodes.map(node => node.id));
  const edges = new Set(data.edges.map(edge => edge.id));
  for (const id of graph.edges()) if (!edges.has(id)) graph.dropEdge(id);
  for (const id of graph.nodes()) if (!nodes.has(id)) graph.dropNode(id);
  const start = startPositions(data.nodes.length);
  const neighbours = new Map<string, string>();
  for (const edge of data.edges) {
    if (graph.hasNode(edge.from)) neighbours.set(edge.to, edge.from);
    if (graph.hasNode(edge.to)) neighbours.set(edge.from, edge.to);
  }
  for (const [i, node] of data.nodes.entries()) {
    if (graph.hasNode(node.id)) continue;
    // A new vertex appears beside the one that led to it.
    const beside = neighbours.get(node.id);
    const x = beside ? (graph.getNodeAttribute(beside, 'x') as number) + Math.cos(i) * 20 : start[2 * i];
    const y = beside ? (graph.getNodeAttribute(beside, 'y') as number) + Math.sin(i) * 20 : start[2 * i + 1];
    graph.addNode(node.id, { x, y, size: 6 });
  }
  for (const edge of data.edges) if (!graph.hasEdge(edge.id) && graph.hasNode(edge.from) && graph.hasNode(edge.to)) graph.addDirectedEdgeWithKey(edge.id, edge.from, edge.to, { size: 1.2 });
  graph.forEachNode(id => graph.setNodeAttribute(id, 'size', Math.min(16, 5 + Math.sqrt(graph.degree(id)) * 1.5)));
}

function startLayout(graph: Graph, onShown: (isFinal: boolean) => void): () => void {
  const ids = graph.nodes();
  const numbers = new Map(ids.map((id, index) => [id, index]));
  const task: LayoutTask = {
    positions: new Float32Array(ids.flatMap(id => [graph.getNodeAttribute(id, 'x') as number, graph.getNodeAttribute(id, 'y') as number])),
    links: new Uint32Array(graph.mapEdges((_, __, from, to) => [numbers.get(from)!, numbers.get(to)!]).flat()),
    fixed: new Uint8Array(ids.map(id => (graph.getNodeAttribute(id, 'pinned') ? 1 : 0))),
    budgetMilliseconds: layoutBudgetMilliseconds,
  };
  const worker = new Worker(new URL('./layout.worker.ts', import.meta.url), { type: 'module' });
  worker.onmessage = (event: MessageEvent<{ positions: Float32Array; isFinal: boolean }>) => {
    const { positions, isFinal } = event.data;
    graph.updateEachNodeAttributes(
      (id, attributes) => {
        const i = numbers.get(id);
        return i === undefined || attributes.pinned ? attributes : { ...attributes, x: positions[2 * i], y: positions[2 * i + 1] };
      },
      { attributes: ['x', 'y'] },
    );
    onShown(isFinal);
    if (isFinal) worker.terminate();
  };
  worker.onerror = () => onShown(true);
  worker.postMessage(task);
  return () => worker.terminate();
}

function listen(renderer: Sigma, graph: Graph, callbacks: { current: Pick<GraphViewProps, 'onSelect' | 'onExpand'> }): void {
  let dragged: string | null = null;
  let moved = false;
  renderer.on('clickNode', ({ node }) => moved || callbacks.current.onSelect(node));
  renderer.on('clickStage', () => callbacks.current.onSelect(null));
  renderer.on('doubleClickNode', event => {
    event.preventSigmaDefault();
    callbacks.current.onExpand?.(event.node);
  });
  renderer.on('downNode', ({ node }) => {
    dragged = node;
    moved = false;
    // Without a box of its own the view would follow the vertex.
    if (!renderer.getCustomBBox()) renderer.setCustomBBox(renderer.getBBox());
  });
  renderer.on('moveBody', ({ event, preventSigmaDefault }) => {
    if (dragged === null || !graph.hasNode(dragged)) return;
    moved = true;
    const { x, y } = renderer.viewportToGraph(event);
    graph.mergeNodeAttributes(dragged, { x, y, pinned: true });
    preventSigmaDefault();
    event.original.preventDefault();
  });
  const drop = () => {
    if (dragged !== null) renderer.setCustomBBox(null);
    dragged = null;
  };
  renderer.on('upNode', drop);
  renderer.on('upStage', drop);
}

// Sigma's own is white, which a dark page cannot have.
function drawHover(context: CanvasRenderingContext2D, data: { x: number; y: number; size: number; label?: string | null }, settings: { labelSize: number; labelFont: string }): void {
  context.beginPath();
  context.arc(data.x, data.y, data.size + 3, 0, Math.PI * 2);
  context.strokeStyle = color('focus');
  context.lineWidth = 2.5;
  context.stroke();
  if (!data.label) return;
  context.font = `600 ${settings.labelSize}px ${settings.labelFont}`;
  const width = context.measureText(data.label).width;
  context.fillStyle = color('raised');
  context.fillRect(data.x + data.size + 4, data.y - settings.labelSize * 0.85, width + 8, settings.labelSize * 1.7);
  context.fillStyle = color('text');
  context.fillText(data.label, data.x + data.size + 8, data.y + settings.labelSize / 3);
}

function pictureOf(graph: Graph): string {
  const nodes = new Map<string, DrawnNode>();
  graph.forEachNode((id, a) => nodes.set(id, { x: a.x as number, y: -(a.y as number), size: a.size as number, color: a.color as string, label: a.label as string }));
  const edges = graph.mapEdges((_, __, from, to) => ({ from: nodes.get(from)!, to: nodes.get(to)! }));
  return svgOf([...nodes.values()], edges, { ground: color('surface'), line: color('line-strong'), text: color('text') });
}

async function imageOf(svg: string): Promise<Blob | null> {
  const image = new Image();
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    const scale = 2000 / Math.max(image.naturalWidth, image.naturalHeight, 1);
    canvas.width = Math.round(image.naturalWidth * scale);
    canvas.height = Math.round(image.naturalHeight * scale);
    canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise(resolve => canvas.toBlob(resolve, 'image/png'));
  } finally {
    URL.revokeObjectURL(address);
  }
}
