/** A step of a plan as `query/explain` and profiles describe it. */
export interface PlanNode {
  type: string;
  id: number;
  estimatedCost: number;
  estimatedNrItems: number;
  description: string;
  collection?: string;
  outVariable?: string | { name: string };
  subqueries?: { nodes: PlanNode[] }[];
  [detail: string]: unknown;
}

export interface QueryPlan {
  nodes: PlanNode[];
  rules: string[];
  collections: { name: string; type: string }[];
  estimatedCost: number;
  estimatedNrItems: number;
  text?: string;
}

/** An index that would spare a step from reading every document. */
export interface IndexAdvice {
  collection: string;
  type: string;
  fields: string[];
  /** Why, in the server's words. */
  reason?: string;
}

/** What a step did in a profiled run. */
export interface NodeFigures {
  id: number;
  calls: number;
  items: number;
  filtered: number;
  /** Seconds spent in the step itself, without those before it. */
  runtime: number;
}

const SCANS = new Set(['EnumerateCollectionNode']);

/** Whether a step reads every document of a collection. */
export const isFullScan = (node: PlanNode) => SCANS.has(node.type);

const CONDITION = /([A-Za-z_$][\w$]*)\.([A-Za-z_][\w.]*) (==|IN|<=|>=|<|>) /g;

/** An index over what the filters right behind a full scan compare, for servers that give no advice themselves. */
export function derivedAdvice(nodes: readonly PlanNode[], index: number): IndexAdvice | null {
  const node = nodes[index]!;
  const variable = variableOf(node);
  if (!isFullScan(node) || !node.collection || !variable) return null;
  const equal = new Set<string>();
  const ranges = new Set<string>();
  for (const next of nodes.slice(index + 1)) {
    if (next.type === 'CalculationNode' || next.type === 'SubqueryNode') continue;
    if (next.type !== 'FilterNode') break;
    // An index serves conditions that must all hold, not one of several.
    if (next.description.includes('||')) continue;
    for (const [, name, path, operator] of next.description.matchAll(CONDITION)) {
      if (name === variable) (operator === '==' || operator === 'IN' ? equal : ranges).add(path!);
    }
  }
  const range = [...ranges].find(path => !equal.has(path));
  const fields = [...equal, ...(range ? [range] : [])];
  return fields.length ? { collection: node.collection, type: 'persistent', fields } : null;
}

const variableOf = (node: PlanNode) => (typeof node.outVariable === 'object' ? node.outVariable.name : node.outVariable);

/** A step that the picture shows. */
export interface Step {
  node: PlanNode;
  cost: number;
  subqueries: { nodes: PlanNode[] }[];
}

/**
 * The steps worth a box. The start gives one empty row and says nothing unless there is nothing else; an expression that only the next step takes has
 * a number for its name, and belongs to that step.
 */
export function stepsOf(nodes: readonly PlanNode[]): Step[] {
  const steps: Step[] = [];
  let before = 0;
  let waiting: { nodes: PlanNode[] }[] = [];
  for (const node of nodes) {
    const isPart = node.type === 'CalculationNode' && /^\d+$/.test(variableOf(node) ?? '');
    if (isPart) waiting.push(...(node.subqueries ?? []));
    if (isPart || (node.type === 'SingletonNode' && nodes.length > 1)) continue;
    steps.push({ node, cost: Math.max(0, node.estimatedCost - before), subqueries: [...waiting, ...(node.subqueries ?? [])] });
    before = node.estimatedCost;
    waiting = [];
  }
  return steps;
}

/** What a step is called on the picture. */
export function titleOf(node: PlanNode): string {
  return TITLES[node.type] ?? node.type.replace(/Node$/, '').replace(/([a-z])([A-Z])/g, '$1 $2');
}

const TITLES: Record<string, string> = {
  SingletonNode: 'Start',
  EnumerateCollectionNode: 'Full scan',
  EnumerateListNode: 'List',
  EnumerateViewNode: 'Search view',
  IndexNode: 'Index',
  HashJoinNode: 'Hash join',
  FilterNode: 'Filter',
  CalculationNode: 'Compute',
  SubqueryNode: 'Subquery',
  SortNode: 'Sort',
  LimitNode: 'Limit',
  CollectNode: 'Collect',
  WindowNode: 'Window',
  ReturnNode: 'Return',
  TraversalNode: 'Traversal',
  InsertNode: 'Insert',
  UpdateNode: 'Update',
  ReplaceNode: 'Replace',
  RemoveNode: 'Remove',
  UpsertNode: 'Upsert',
};

/** The description without the step's name in front, which is the title already. */
export function detailOf(node: PlanNode): string {
  return node.description.replace(/^(CollectionScan|ListScan|Filter|Return|Sort|Let|Limit|Collect|HashJoin|IndexScan|Index) /, '');
}
