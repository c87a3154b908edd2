import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
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

// The server serves the built files under /console/ and everything else is its API.
export default defineConfig({
  base: '/console/',
  plugins: [markInPage(), stylesBehindOpening(), brotliTwins()],
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
