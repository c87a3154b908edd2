export type DocumentLike = Record<string, unknown>;

export interface GraphNode {
  /** `collection/key`. */
  id: string;
  /** Undefined for a vertex that only an edge names. */
  document?: DocumentLike;
}

export interface GraphEdge {
  id: string;
  from: string;
  to: string;
  document: DocumentLike;
}

export interface GraphData {
  nodes: GraphNode[];
  edges: GraphEdge[];
}

const isDocument = (value: unknown): value is DocumentLike => typeof value === 'object' && value !== null && typeof (value as DocumentLike)._id === 'string';

/** How deep rows are looked through for documents: paths are objects with arrays of them. */
const deepest = 4;

/** The vertices and edges that rows hold, at any place a path or a pair of them has; null when there is no edge among them. */
export function graphOf(rows: readonly unknown[]): GraphData | null {
  const graph = new GraphBuilder();
  const walk = (value: unknown, depth: number) => {
    if (typeof value !== 'object' || value === null || depth > deepest) return;
    if (Array.isArray(value)) for (const item of value) walk(item, depth + 1);
    else if (isDocument(value)) graph.add(value);
    else for (const item of Object.values(value)) walk(item, depth + 1);
  };
  for (const row of rows) walk(row, 0);
  return graph.edgeCount > 0 ? graph.build() : null;
}

/** Collects documents; one that is added twice counts once. */
export class GraphBuilder {
  private readonly nodes = new Map<string, GraphNode>();
  private readonly edges = new Map<string, GraphEdge>();

  constructor(start?: GraphData) {
    for (const node of start?.nodes ?? []) this.nodes.set(node.id, node);
    for (const edge of start?.edges ?? []) this.edges.set(edge.id, edge);
  }

  get edgeCount(): number {
    return this.edges.size;
  }

  /** Adds a vertex, or an edge with the vertices it names. */
  add(document: DocumentLike): void {
    const id = String(document._id);
    if (typeof document._from === 'string' && typeof document._to === 'string') {
      this.edges.set(id, { id, from: document._from, to: document._to, document });
      for (const end of [document._from, document._to]) if (!this.nodes.has(end)) this.nodes.set(end, { id: end });
    } else this.nodes.set(id, { id, document });
  }

  build(): GraphData {
    return { nodes: [...this.nodes.values()], edges: [...this.edges.values()] };
  }
}

/** The part of a graph of so many vertices and edges that is drawn at most, and how many elements it leaves out. */
export function capped(data: GraphData, most: number): { data: GraphData; left: number } {
  const total = data.nodes.length + data.edges.length;
  if (total <= most) return { data, left: 0 };
  // Vertices come in the order they were found, so what is near the start stays. Half of the room is for edges at least.
  const nodes = data.nodes.slice(0, Math.max(Math.floor(most / 2), most - data.edges.length));
  const kept = new Set(nodes.map(node => node.id));
  const edges = data.edges.filter(edge => kept.has(edge.from) && kept.has(edge.to)).slice(0, most - nodes.length);
  return { data: { nodes, edges }, left: total - nodes.length - edges.length };
}

export const collectionOf = (id: string): string => id.slice(0, Math.max(0, id.indexOf('/')));

const longestCaption = 40;

/** What is written beside a vertex: an attribute of it, or its key. */
export function captionOf(node: GraphNode, attribute: string): string {
  const value = attribute === '_key' ? undefined : node.document?.[attribute];
  const text = value === undefined || value === null ? node.id.slice(node.id.indexOf('/') + 1) : typeof value === 'object' ? JSON.stringify(value) : String(value);
  return text.length > longestCaption ? `${text.slice(0, longestCaption - 1)}…` : text;
}

/** The attributes of the vertices that hold simple values, the most frequent first; for choosing labels and colours. */
export function attributesOf(data: GraphData): string[] {
  const counts = new Map<string, number>();
  for (const { document } of data.nodes.slice(0, 500))
    for (const [name, value] of Object.entries(document ?? {})) if (!name.startsWith('_') && (typeof value !== 'object' || value === null)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([name]) => name);
}

/** The groups by which vertices are coloured, the largest first; all beyond the number of colours share the last. */
export function groupsOf(data: GraphData, attribute: string, colours: number): { group: string; count: number; nodes: string[] }[] {
  const groups = new Map<string, string[]>();
  for (const node of data.nodes) {
    const value = attribute === '' ? collectionOf(node.id) : node.document?.[attribute];
    const group = value === undefined || value === null ? '–' : String(value);
    const members = groups.get(group);
    if (members) members.push(node.id);
    else groups.set(group, [node.id]);
  }
  const sorted = [...groups].map(([group, nodes]) => ({ group, count: nodes.length, nodes })).sort((a, b) => b.count - a.count || (a.group < b.group ? -1 : 1));
  if (sorted.length <= colours) return sorted;
  const rest = sorted.slice(colours - 1);
  return [...sorted.slice(0, colours - 1), { group: '…', count: rest.reduce((sum, one) => sum + one.count, 0), nodes: rest.flatMap(one => one.nodes) }];
}
