import { describe, expect, it } from 'vitest';
import { layoutPlan } from '../../src/core/plan/layout';
import { derivedAdvice, type PlanNode, stepsOf } from '../../src/core/plan/model';

const node = (id: number, type: string, description: string, cost: number, rows: number, more: Partial<PlanNode> = {}): PlanNode => ({ id, type, description, estimatedCost: cost, estimatedNrItems: rows, ...more });

const scan = node(2, 'EnumerateCollectionNode', 'CollectionScan addresses AS a', 501, 500, { collection: 'addresses', outVariable: 'a' });
const plan = [
  node(1, 'SingletonNode', 'Singleton', 1, 1),
  scan,
  node(3, 'FilterNode', 'Filter (a.city == "Oslo" && a.age > 3)', 751, 250),
  node(4, 'SubqueryNode', 'Let n = ..', 1001, 250, { subqueries: [{ nodes: [node(6, 'SingletonNode', 'Singleton', 1, 1), node(7, 'ReturnNode', 'Return b', 2, 1)] }] }),
  node(5, 'ReturnNode', 'Return a', 1251, 250),
];

describe('the picture of a plan', () => {
  const picture = layoutPlan(plan);

  it('stands below each other without the start, subqueries to the right', () => {
    expect(picture.boxes.map(box => box.title)).toEqual(['Full scan', 'Filter', 'Subquery', 'Return', 'Return']);
    const [first, filter, subquery, inner, last] = picture.boxes;
    expect(filter!.y).toBeGreaterThan(first!.y + first!.height);
    expect(inner!.x).toBeGreaterThan(subquery!.x);
    expect(last!.y).toBeGreaterThan(inner!.y);
    expect(picture.links).toHaveLength(4);
  });

  it('marks full scans and says which index they need', () => {
    expect(picture.boxes[0]).toMatchObject({ isFullScan: true, advice: { collection: 'addresses', fields: ['city', 'age'] } });
    expect(derivedAdvice([scan, node(3, 'FilterNode', 'Filter (a.x == 1 || a.y == 2)', 1, 1)], 0)).toBeNull();
  });

  it('folds an expression into the step that takes it', () => {
    const calculation = node(6, 'CalculationNode', 'Let 0 = LENGTH(..)', 502, 500, { outVariable: { name: '0' }, subqueries: [{ nodes: [node(1, 'ReturnNode', 'Return 1', 1, 1)] }] });
    const named = node(7, 'CalculationNode', 'Let n = a.x', 503, 500, { outVariable: { name: 'n' } });
    const steps = stepsOf([plan[0]!, scan, calculation, node(3, 'FilterNode', 'Filter ..', 1000, 10), named]);
    expect(steps.map(step => [step.node.type, step.cost, step.subqueries.length])).toEqual([
      ['EnumerateCollectionNode', 501, 0],
      ['FilterNode', 499, 1],
      ['CalculationNode', 0, 0],
    ]);
  });

  it('shows measured rows and the share of time', () => {
    const measured = layoutPlan(plan, [
      { id: 2, calls: 1, items: 500, filtered: 0, runtime: 0.003 },
      { id: 3, calls: 1, items: 99, filtered: 401, runtime: 0.001 },
    ]);
    expect(measured.boxes[0]).toMatchObject({ rows: 500, share: 0.75 });
    expect(measured.boxes[1]).toMatchObject({ rows: 99, filtered: 401 });
    expect(measured.isMeasured).toBe(true);
  });

  it('shows what the steps of a subquery did in all its runs, as a part of the time of the step that runs it', () => {
    const measured = layoutPlan(plan, [
      { id: 2, calls: 1, items: 500, filtered: 0, runtime: 0.002 },
      { id: 4, calls: 1, items: 500, filtered: 0, runtime: 0.006 },
      { id: 6, calls: 1000, items: 500, filtered: 0, runtime: 0 },
      { id: 7, calls: 500, items: 490, filtered: 0, runtime: 0.004 },
    ]);
    expect(measured.boxes[0]).toMatchObject({ share: 0.25 });
    expect(measured.boxes[2]).toMatchObject({ title: 'Subquery', share: 0.75 });
    expect(measured.boxes[3]).toMatchObject({ title: 'Return', rows: 490, estimatedRows: 500, seconds: 0.004, share: 0.5 });
  });

  it('gives a step that was not measured no share', () => {
    const measured = layoutPlan(plan, [{ id: 2, calls: 1, items: 500, filtered: 0, runtime: 0.002 }]);
    expect(measured.boxes[3]).toMatchObject({ title: 'Return', rows: null, share: 0 });
  });
});
