import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { quantize } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import { defineConfig, type Plugin } from 'vite';

/** Writes a .br twin beside every file that is worth it; the server sends it as it is. */
const brotliTwins = (): Plugin => ({
  name: 'brotli-twins',
  apply: 'build',
  closeBundle() {
    const folder = path.join(import.meta.dirname, 'dist');
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !/\.(js|css|svg|json|html)$/.test(entry.name)) continue;
      const file = path.join(entry.parentPath, entry.name);
      const content = readFileSync(file);
      writeFileSync(`${file}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }));
    }
  },
});

/** Draws the site's icon into the page itself, so that it is painted before anything else is there. */
const markInPage = (): Plugin => ({
  name: 'mark-in-page',
  transformIndexHtml: html => {
    const icon = readFileSync(path.join(import.meta.dirname, 'public/favicon.svg'), 'utf8').trim();
    return html.replace('<!-- mark -->', icon.replace('<svg ', '<svg width="52" height="52" aria-hidden="true" '));
  },
});

/** A style sheet in the head holds back the first paint: behind the body's first lines they are painted while it is on its way. */
const stylesBehindOpening = (): Plugin => ({
  name: 'styles-behind-opening',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler(html) {
      const sheets = html.match(/<link rel="stylesheet"[^>]*>/g) ?? [];
      return sheets.reduce((text, sheet) => text.replace(sheet, ''), html).replace('</body>', `${sheets.join('')}</body>`);
    },
  },
});

/**
 * The outlines of the world as the map needs them: without names, and in steps of a tenth of a unit of its drawing rather than a hundredth, which is a third
 * less to fetch and looks the same.
 */
const coarserWorld = (): Plugin => ({
  name: 'coarser-world',
  enforce: 'pre',
  transform(code, id) {
    if (!id.endsWith('world-atlas/countries-110m.json')) return null;
    const { transform, ...world } = JSON.parse(code) as Topology<{ countries: GeometryCollection; land: GeometryCollection }>;
    const { scale, translate } = transform!;
    // Arcs are kept as whole numbers of steps, each from the point before.
    const arcs = world.arcs.map(arc => {
      let [x, y] = [0, 0];
      return arc.map(([dx, dy]) => [(x += dx) * scale[0] + translate[0], (y += dy) * scale[1] + translate[1]]);
    });
    for (const country of world.objects.countries.geometries) {
      delete country.properties;
      delete country.id;
    }
    return { code: JSON.stringify(quantize({ ...world, arcs }, 1e4)), map: null };
  },
});

// The server serves the built files under /console/ and everything else is its API.
export default defineConfig({
  base: '/console/',
  plugins: [coarserWorld(), markInPage(), stylesBehindOpening(), brotliTwins()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    manifest: true,
    // The console's content policy forbids fonts and scripts from data addresses, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 700,
  },
  worker: { format: 'es' },
  server: {
    port: 8768,
    proxy: { '^/(?!console)': { target: process.env.GEOFABRIC_URL ?? 'http://127.0.0.1:8529' } },
  },
});
