export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface LabelRequest {
  /** The pin's place. */
  x: number;
  y: number;
  width: number;
  height: number;
}

const distance = 9;

// Right of the pin reads best, then left, below, above, and the corners.
const directions: readonly (readonly [number, number])[] = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
  [1, 1],
  [1, -1],
  [-1, 1],
  [-1, -1],
];

/**
 * Places labels beside their pins, each in the first of eight places where it meets no label, no pin and no border.
 * Null for one that has no such place: it is shown when its pin is picked.
 */
export function placeLabels(requests: readonly LabelRequest[], within: Box): (Box | null)[] {
  const pins = requests.map(({ x, y }) => ({ x: x - 6, y: y - 6, width: 12, height: 12 }));
  const placed: Box[] = [];
  return requests.map((request, own) => {
    for (const direction of directions) {
      const box = boxAt(request, direction);
      if (!isInside(box, within) || placed.some(other => overlap(box, other)) || pins.some((pin, index) => index !== own && overlap(box, pin))) continue;
      placed.push(box);
      return box;
    }
    return null;
  });
}

function boxAt({ x, y, width, height }: LabelRequest, [right, down]: readonly [number, number]): Box {
  return {
    x: right > 0 ? x + distance : right < 0 ? x - distance - width : x - width / 2,
    y: down > 0 ? y + distance : down < 0 ? y - distance - height : y - height / 2,
    width,
    height,
  };
}

const overlap = (a: Box, b: Box) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

const isInside = (box: Box, within: Box) =>
  box.x >= within.x && box.y >= within.y && box.x + box.width <= within.x + within.width && box.y + box.height <= within.y + within.height;
