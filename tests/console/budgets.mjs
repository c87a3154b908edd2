// What the console weighs, from Vite's manifest: gzip at level 9, as the budgets were set.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const dist = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../console-ui/dist');
const kilobyte = 1000;

export const budgets = async ({ step }) => {
  await step('the head of the page holds back no paint', async () => {
    const [head] = readFileSync(path.join(dist, 'index.html'), 'utf8').split('<body>');
    assert.doesNotMatch(head, /rel="stylesheet"/);
    for (const script of head.match(/<script[^>]*>/g)) assert.match(script, /type="module"/);
  });
  const manifest = JSON.parse(readFileSync(path.join(dist, '.vite/manifest.json'), 'utf8'));
  const sizeOf = file => gzipSync(readFileSync(path.join(dist, file)), { level: 9 }).length;
  /** The files a chunk needs, with everything it loads at once. */
  const filesOf = (key, seen = new Set()) => {
    const entry = manifest[key];
    if (seen.has(entry.file)) return seen;
    seen.add(entry.file);
    for (const css of entry.css ?? []) seen.add(css);
    for (const other of entry.imports ?? []) filesOf(other, seen);
    return seen;
  };
  const total = files => [...files].reduce((sum, file) => sum + sizeOf(file), 0);
  const shell = filesOf('index.html');
  await step('what all pages share lies in a layer below their own styles, which may arrive before it', async () => {
    for (const sheet of [...shell].filter(file => file.endsWith('.css'))) assert.match(readFileSync(path.join(dist, sheet), 'utf8'), /^@layer shared\{/);
  });
  const of = kind => [...shell].filter(file => file.endsWith(kind));
  const limits = [
    ['shell scripts', total(of('.js')), 30],
    ['shell styles', total(of('.css')), 15],
    ['query page with its editor', total(filesOf('src/pages/query/QueryPage.tsx', new Set(shell))) - 0, 220],
    ['everything, each file once', total(new Set(Object.keys(manifest).flatMap(key => [...filesOf(key)]))), 450],
  ];
  for (const [name, bytes, limit] of limits)
    await step(`${name}: ${(bytes / kilobyte).toFixed(1)} kB of ${limit}`, async () => assert.ok(bytes <= limit * kilobyte, `${name} has ${bytes} bytes, ${limit} kB are allowed`));
};
