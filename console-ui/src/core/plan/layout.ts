import { derivedAdvice, detailOf, type IndexAdvice, isFullScan, type NodeFigures, type PlanNode, stepsOf, titleOf } from './model';

/** A step on the picture; lengths are in pixels. */
export interface PlanBox {
  key: string;
  x: number;
  y: number;
  width: number;
  height: number;
  title: string;
  detail: string;
  estimatedRows: number;
  /** Rows that the step really gave, of a profiled run. */
  rows: number | null;
  filtered: number | null;
  seconds: number | null;
  /** Share of the whole, by time when it was measured and by estimated cost else: 0 to 1. */
  share: number;
  isFullScan: boolean;
  advice: IndexAdvice | null;
}

export interface PlanLink {
  key: string;
  from: [number, number];
  to: [number, number];
  /** 1 to 8, growing with the rows that flow. */
  width: number;
  isSubquery: boolean;
}

export interface PlanPicture {
  boxes: PlanBox[];
  links: PlanLink[];
  width: number;
  height: number;
  isMeasured: boolean;
}

export const BOX_WIDTH = 360;
const [BOX_HEIGHT, GAP, INDENT] = [86, 24, 56];

/** Puts the steps of a plan below each other, first step on top, and those of a subquery to the right of the step that runs it. */
export function layoutPlan(nodes: readonly PlanNode[], figures: readonly NodeFigures[] = []): PlanPicture {
  const picture: PlanPicture = { boxes: [], links: [], width: 0, height: 0, isMeasured: figures.length > 0 };
  const measured = new Map(figures.map(figure => [figure.id, figure]));
  // The time of a step that runs a subquery holds that of the subquery's steps.
  const wholeTime = nodes.reduce((sum, node) => sum + (measured.get(node.id)?.runtime ?? 0), 0);
  place(picture, nodes, measured, wholeTime, 0, 0, '');
  picture.width = Math.max(0, ...picture.boxes.map(box => box.x + box.width));
  picture.height = Math.max(0, ...picture.boxes.map(box => box.y + box.height));
  return picture;
}

function place(picture: PlanPicture, nodes: readonly PlanNode[], measured: Map<number, NodeFigures>, wholeTime: number, x: number, top: number, prefix: string): number {
  const wholeCost = nodes.at(-1)?.estimatedCost ?? 0;
  // Figures are those of all runs, estimates those of one; what starts a run gives one row.
  const runs = measured.get(nodes[0]?.id ?? 0)?.items ?? 1;
  let y = top;
  let above: PlanBox | null = null;
  for (const { node, cost, subqueries } of stepsOf(nodes)) {
    const figure = measured.get(node.id) ?? null;
    const box: PlanBox = {
      key: `${prefix}${node.id}`,
      x,
      y,
      width: BOX_WIDTH,
      height: BOX_HEIGHT,
      title: titleOf(node),
      detail: detailOf(node),
      estimatedRows: node.estimatedNrItems * (figure ? runs : 1),
      rows: figure?.items ?? null,
      filtered: figure?.filtered ?? null,
      seconds: figure?.runtime ?? null,
      share: picture.isMeasured ? (figure && wholeTime > 0 ? Math.min(1, figure.runtime / wholeTime) : 0) : wholeCost > 0 ? cost / wholeCost : 0,
      isFullScan: isFullScan(node),
      advice: derivedAdvice(nodes, nodes.indexOf(node)),
    };
    picture.boxes.push(box);
    if (above) picture.links.push(link(above, box, false));
    y += BOX_HEIGHT + GAP;
    for (const [number, subquery] of subqueries.entries()) {
      const first = picture.boxes.length;
      y = place(picture, subquery.nodes, measured, wholeTime, x + INDENT, y, `${box.key}.${number}.`);
      const start = picture.boxes[first];
      if (start) picture.links.push({ key: `${box.key}>${start.key}`, from: [box.x + 20, box.y + box.height], to: [start.x, start.y + start.height / 2], width: 1.5, isSubquery: true });
    }
    above = box;
  }
  return y;
}

function link(from: PlanBox, to: PlanBox, isSubquery: boolean): PlanLink {
  const rows = from.rows ?? from.estimatedRows;
  const x = from.x + 20;
  return { key: `${from.key}-${to.key}`, from: [x, from.y + from.height], to: [x, to.y], width: Math.min(8, 1 + Math.log10(Math.max(1, rows)) * 1.3), isSubquery };
}
