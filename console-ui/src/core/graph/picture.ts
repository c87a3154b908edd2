export interface DrawnNode {
  x: number;
  y: number;
  size: number;
  color: string;
  label: string;
}

export interface DrawnEdge {
  from: DrawnNode;
  to: DrawnNode;
}

/** A graph as an SVG file that draws the same anywhere. */
export function svgOf(nodes: readonly DrawnNode[], edges: readonly DrawnEdge[], colours: { ground: string; line: string; text: string }): string {
  const margin = 60;
  const xs = nodes.map(node => node.x);
  const ys = nodes.map(node => node.y);
  const [left, top] = [Math.min(...xs, 0) - margin, Math.min(...ys, 0) - margin];
  const [width, height] = [Math.max(...xs, 0) - left + margin, Math.max(...ys, 0) - top + margin];
  const round = (value: number) => Math.round(value * 10) / 10;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${round(left)} ${round(top)} ${round(width)} ${round(height)}" font-family="sans-serif" font-size="9">`,
    `<rect x="${round(left)}" y="${round(top)}" width="${round(width)}" height="${round(height)}" fill="${colours.ground}"/>`,
    ...edges.map(({ from, to }) => `<line x1="${round(from.x)}" y1="${round(from.y)}" x2="${round(to.x)}" y2="${round(to.y)}" stroke="${colours.line}"/>`),
    ...nodes.map(node => `<circle cx="${round(node.x)}" cy="${round(node.y)}" r="${round(node.size)}" fill="${node.color}"/>`),
    ...nodes.map(node => `<text x="${round(node.x + node.size + 3)}" y="${round(node.y + 3)}" fill="${colours.text}">${escaped(node.label)}</text>`),
    '</svg>',
  ].join('\n');
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
