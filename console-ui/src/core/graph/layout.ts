import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY, type SimulationNodeDatum } from 'd3-force';

/** What is laid out: vertices by number, links as pairs of numbers, x and y of each vertex in a row. */
export interface LayoutTask {
  links: Uint32Array;
  positions: Float32Array;
  /** Vertices that stay where they are. */
  fixed: Uint8Array;
  budgetMilliseconds: number;
}

/** Positions that can be read at once: vertices on a spiral, in the order they were found, so that near ones are near. */
export function startPositions(count: number): Float32Array {
  const positions = new Float32Array(count * 2);
  const turn = Math.PI * (3 - Math.sqrt(5));
  for (let i = 0; i < count; i++) {
    const radius = 18 * Math.sqrt(i);
    positions[2 * i] = radius * Math.cos(i * turn);
    positions[2 * i + 1] = radius * Math.sin(i * turn);
  }
  return positions;
}

interface Body extends SimulationNodeDatum {
  x: number;
  y: number;
}

/**
 * Lets forces move the vertices (Fruchterman and Reingold's idea with Barnes and Hut's approximation, as d3-force has it) until they rest or the time is over.
 * `show` gets the positions in between; `now` is the clock.
 */
export function layOut(task: LayoutTask, show: (positions: Float32Array, isFinal: boolean) => void, now: () => number): void {
  const count = task.positions.length / 2;
  const bodies: Body[] = Array.from({ length: count }, (_, i) => {
    const [x, y] = [task.positions[2 * i], task.positions[2 * i + 1]];
    return task.fixed[i] ? { x, y, fx: x, fy: y } : { x, y };
  });
  const links = Array.from({ length: task.links.length / 2 }, (_, i) => ({ source: task.links[2 * i], target: task.links[2 * i + 1] }));
  const simulation = forceSimulation(bodies)
    .force('link', forceLink<Body, { source: number; target: number }>(links).distance(46))
    .force('charge', forceManyBody<Body>().strength(-90).distanceMax(600))
    .force('collide', forceCollide<Body>(11))
    .force('x', forceX<Body>(0).strength(0.045))
    .force('y', forceY<Body>(0).strength(0.045))
    .stop();
  const started = now();
  // Each drawing of a large graph costs more than a step of it, so that is shown twice only.
  const showEvery = count <= 500 ? 90 : task.budgetMilliseconds / 3;
  let shown = started;
  while (simulation.alpha() > simulation.alphaMin() && now() - started < task.budgetMilliseconds) {
    simulation.tick();
    if (now() - shown >= showEvery) {
      show(positionsOf(bodies), false);
      shown = now();
    }
  }
  show(positionsOf(bodies), true);
}

function positionsOf(bodies: readonly Body[]): Float32Array {
  const positions = new Float32Array(bodies.length * 2);
  for (const [i, body] of bodies.entries()) {
    positions[2 * i] = body.x;
    positions[2 * i + 1] = body.y;
  }
  return positions;
}
