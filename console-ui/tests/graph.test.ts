import { describe, expect, it } from 'vitest';
import { attributesOf, capped, captionOf, graphOf, groupsOf, type GraphData } from '../src/core/graph/graphData';
import { layOut, startPositions } from '../src/core/graph/layout';
import { svgOf } from '../src/core/graph/picture';
import { definitionsOf, walkText } from '../src/pages/graphs/graphText';

const person = (key: string, more = {}) => ({ _id: `people/${key}`, _key: key, ...more });
const knows = (from: string, to: string) => ({ _id: `knows/${from}${to}`, _from: `people/${from}`, _to: `people/${to}` });

describe('the graph in rows', () => {
  it('is found in edges, pairs and paths, each once', () => {
    const path = { vertices: [person('a'), person('b')], edges: [knows('a', 'b')] };
    const graph = graphOf([path, { v: person('b', { age: 3 }), e: knows('a', 'b') }, knows('b', 'c')])!;
    expect(graph.nodes.map(node => node.id)).toEqual(['people/a', 'people/b', 'people/c']);
    expect(graph.nodes[1].document).toMatchObject({ age: 3 });
    expect(graph.nodes[2].document).toBeUndefined();
    expect(graph.edges).toHaveLength(2);
  });

  it('is none without edges', () => expect(graphOf([person('a'), 1, null, [person('b')]])).toBeNull());

  it('is cut to what can be drawn, near the start first, with edges that have both ends', () => {
    const data: GraphData = graphOf(Array.from({ length: 100 }, (_, i) => knows(String(i), String(i + 1))))!;
    const { data: part, left } = capped(data, 50);
    const ids = new Set(part.nodes.map(node => node.id));
    expect(part.nodes[0].id).toBe('people/0');
    expect(part.nodes.length + part.edges.length + left).toBe(201);
    expect(part.nodes.length + part.edges.length).toBeLessThanOrEqual(50);
    expect(part.edges.length).toBeGreaterThan(0);
    expect(part.edges.every(edge => ids.has(edge.from) && ids.has(edge.to))).toBe(true);
    expect(capped(data, 500).left).toBe(0);
  });
});

describe('captions and colours', () => {
  it('cut what is long and fall back to the key', () => {
    expect(captionOf({ id: 'people/a', document: { name: 'x'.repeat(90) } }, 'name')).toHaveLength(40);
    expect(captionOf({ id: 'people/a' }, 'name')).toBe('a');
    expect(captionOf({ id: 'people/a', document: { at: [1, 2] } }, 'at')).toBe('[1,2]');
  });

  it('offer simple attributes and group the rest together', () => {
    const data: GraphData = { nodes: ['r', 'r', 'g', 'b', 'y'].map((colour, i) => ({ id: `c${i}/1`, document: person(String(i), { colour, at: [1] }) })), edges: [] };
    expect(attributesOf(data)).toEqual(['colour']);
    expect(groupsOf(data, 'colour', 3).map(({ group, count }) => [group, count])).toEqual([['r', 2], ['b', 1], ['…', 2]]);
    expect(groupsOf(data, '', 9)).toHaveLength(5);
  });
});

describe('the layout', () => {
  it('brings neighbours together, keeps what is fixed, and ends in time', () => {
    const positions = startPositions(40);
    let now = 0;
    let shown: Float32Array | null = null;
    let finals = 0;
    layOut({ positions, links: new Uint32Array([0, 39]), fixed: new Uint8Array(40).fill(1, 5, 6), budgetMilliseconds: 200 }, (next, isFinal) => { shown = next; finals += isFinal ? 1 : 0; }, () => now++);
    const at = (p: Float32Array, i: number) => [p[2 * i], p[2 * i + 1]] as const;
    const distance = (p: Float32Array) => Math.hypot(at(p, 0)[0] - at(p, 39)[0], at(p, 0)[1] - at(p, 39)[1]);
    expect(finals).toBe(1);
    expect(now).toBeLessThan(800);
    expect(at(shown!, 5)).toEqual(at(positions, 5));
    expect(distance(shown!)).toBeLessThan(distance(positions) * 2);
    expect([...shown!].every(Number.isFinite)).toBe(true);
  });
});

describe('what is written', () => {
  it('escapes texts of the drawing', () => {
    const node = { x: 0, y: 0, size: 5, color: 'red', label: '<b>&"' };
    expect(svgOf([node], [{ from: node, to: node }], { ground: 'white', line: 'grey', text: 'black' })).toContain('>&lt;b&gt;&amp;&quot;<');
  });

  it('walks as asked', () => expect(walkText({ depth: 3, direction: 'INBOUND' })).toContain('0..3 INBOUND @start GRAPH @graph'));

  it('takes definitions that are whole', () => {
    expect(definitionsOf([{ collection: ' knows ', from: 'a, b', to: 'a' }, { collection: 'x', from: '', to: 'a' }])).toEqual([{ collection: 'knows', from: ['a', 'b'], to: ['a'] }]);
  });
});
