// Measures how the console feels on a slow computer (a processor four times slower) and a slow line; prints a table, asserts nothing.
// Needs URL and PASSWORD of a running server. The first run makes what the lists are measured with: 5,000 collections and 50,000 documents.
import assert from 'node:assert/strict';
import { openBrowser, openPage, signIn } from './browser.mjs';
import { serve } from './serve.mjs';

const { URL: api, PASSWORD: password, ONLY: only = 'paint,lists' } = process.env;
assert.ok(api && password, 'set URL and PASSWORD');

const slowdown = 4;
// What Chromium's tools call "Slow 3G" and "Fast 3G": bytes per second, and milliseconds until the first byte.
const lines = {
  'no limit': null,
  'fast 3G': { downloadThroughput: (1.6e6 * 0.9) / 8, uploadThroughput: (750e3 * 0.9) / 8, latency: 562.5 },
  'slow 3G': { downloadThroughput: (500e3 * 0.8) / 8, uploadThroughput: (500e3 * 0.8) / 8, latency: 2000 },
};
const collectionCount = 5000;
const rounds = Number(process.env.ROUNDS ?? 5);

const embedded = /\/console\/assets\//.test(await (await fetch(`${api}/console/`)).text());
const { address: server, stop } = embedded ? { address: api, stop: () => undefined } : await serve(api);
const { jwt } = await (await fetch(`${api}/_open/auth`, { method: 'POST', body: JSON.stringify({ tenant: '_mm', username: 'root', password }) })).json();
const call = async (method, path, body) => {
  const response = await fetch(`${api}/_fabric/_system${path}`, { method, headers: { authorization: `bearer ${jwt}` }, body: body && JSON.stringify(body) });
  return response.json();
};

const middle = values => values.sort((one, other) => one - other)[Math.floor(values.length / 2)];
const round = value => (value === undefined ? '–' : String(Math.round(value)));

/** Opens a page on a slow computer with an empty cache; gives what to do with it. */
async function onSlowComputer(line, isSignedIn, act, rate = slowdown) {
  const { context, close } = await openBrowser();
  try {
    const { page } = await openPage(context, server);
    page.setDefaultTimeout(120_000);
    if (isSignedIn) await signIn(page, api, { password });
    const protocol = await context.newCDPSession(page);
    await protocol.send('Emulation.setCPUThrottlingRate', { rate });
    if (line) {
      await protocol.send('Network.enable');
      await protocol.send('Network.emulateNetworkConditions', { offline: false, ...line });
    }
    return await act(page, protocol);
  } finally {
    await close();
  }
}

async function firstPaint() {
  console.log(`\nFirst paint, empty cache, processor ${slowdown} times slower, the middle of ${rounds} (milliseconds)\n`);
  console.log('| page | line | first contentful paint | usable | kB |\n|---|---|---|---|---|');
  const shown = [
    ['login', '/', 'form input', false],
    ['dashboard', '/dashboard', '.uplot', true],
    ['query', '/query', '.cm-content', true],
  ];
  for (const [name, address, wanted, isSignedIn] of shown)
    for (const [lineName, line] of Object.entries(lines)) {
      const taken = [];
      for (let count = 0; count < (line ? Math.ceil(rounds / 2) : rounds); count++)
        taken.push(
          await onSlowComputer(line, isSignedIn, async page => {
            await page.goto(`${server}/console${address}`, { waitUntil: 'commit' });
            await page.locator(wanted).first().waitFor();
            return page.evaluate(() => ({
              paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
              usable: performance.now(),
              bytes: performance.getEntriesByType('resource').reduce((sum, entry) => sum + entry.transferSize, 0),
            }));
          }),
        );
      console.log(`| ${name} | ${lineName} | ${round(middle(taken.map(one => one.paint)))} | ${round(middle(taken.map(one => one.usable)))} | ${round(middle(taken.map(one => one.bytes)) / 1024)} |`);
    }
}

async function fill() {
  const { result } = await call('GET', '/collection');
  const names = new Set(result.map(one => one.name));
  const missing = Array.from({ length: collectionCount }, (_, index) => `collection${String(index).padStart(4, '0')}`).filter(name => !names.has(name));
  if (missing.length) console.log(`making ${missing.length} collections`);
  const make = async () => {
    for (let name; (name = missing.pop()); ) await call('POST', '/collection', { name });
  };
  await Promise.all([make(), make(), make(), make()]);
  if (names.has('many')) return;
  await call('POST', '/collection', { name: 'many' });
  await call('POST', '/cursor', { query: 'FOR i IN 1..50000 INSERT { _key: TO_STRING(100000 + i), n: i, text: CONCAT("row ", i), nested: { a: i % 7, b: [i, i + 1] } } INTO many' });
}

/**
 * Runs an act in a loaded page and prints the tasks of the page's main thread in that time: their processor time, times what the slow computer is slower.
 * Other programs on the machine lengthen neither, as they do with the browser's own slowing down.
 */
async function watch({ page, protocol }, title, act) {
  const events = [];
  const collect = ({ value }) => events.push(...value);
  protocol.on('Tracing.dataCollected', collect);
  await protocol.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: ['disabled-by-default-devtools.timeline', 'devtools.timeline'] } });
  await act();
  const ended = new Promise(resolve => protocol.once('Tracing.tracingComplete', resolve));
  await protocol.send('Tracing.end');
  await ended;
  protocol.off('Tracing.dataCollected', collect);
  const mains = new Set(events.filter(event => event.name === 'thread_name' && event.args.name === 'CrRendererMain').map(event => `${event.pid}/${event.tid}`));
  const tasks = events.filter(event => event.name === 'RunTask' && mains.has(`${event.pid}/${event.tid}`)).map(event => ((event.tdur ?? event.dur ?? 0) / 1000) * slowdown);
  const sum = tasks.reduce((total, task) => total + task, 0);
  console.log(`| ${title} | ${round(sum)} | ${tasks.filter(task => task > 50).length} | ${tasks.filter(task => task > 100).length} | ${round(Math.max(0, ...tasks))} |`);
}

const scroll = (page, pixels, steps) =>
  page.evaluate(
    ([distance, count]) =>
      new Promise(resolve => {
        const grid = document.querySelector('[role=grid]');
        let left = count;
        const step = () => {
          grid.scrollTop += distance;
          if (--left > 0) requestAnimationFrame(step);
          else resolve();
        };
        requestAnimationFrame(step);
      }),
    [pixels, steps],
  );
const type = async (page, text) => {
  for (const letter of text) {
    await page.keyboard.type(letter);
    await page.waitForTimeout(120);
  }
  await page.waitForTimeout(400);
};

async function lists() {
  await fill();
  console.log(`\nLists of ${collectionCount} collections and 50,000 documents, processor ${slowdown} times slower (milliseconds)\n`);
  console.log('| what | all tasks | tasks > 50 | tasks > 100 | longest task |\n|---|---|---|---|---|');
  await onSlowComputer(null, true, async (page, protocol) => {
    const open = { page, protocol };
    await page.goto(`${server}/console/collections`);
    await page.locator('[role=row] a').first().waitFor();
    await page.waitForTimeout(1500);
    await watch(open, 'collections: scroll by 60 pixels', () => scroll(page, 60, 120));
    await watch(open, 'collections: scroll by 2,000 pixels', () => scroll(page, 2000, 60));
    await page.focus('[data-filter]');
    await watch(open, 'collections: type a filter', () => type(page, 'collection12'));
    await watch(open, 'collections: take the filter back', async () => {
      for (let count = 0; count < 12; count++) await page.keyboard.press('Backspace', { delay: 60 });
      await page.waitForTimeout(400);
    });
    await watch(open, 'collections: sort by size', async () => {
      await page.getByRole('columnheader', { name: 'Size' }).getByRole('button').first().click();
      await page.waitForTimeout(500);
    });
    await watch(open, 'palette: open', async () => {
      await page.keyboard.press('Control+k');
      await page.locator('dialog [role=combobox]').waitFor();
      await page.waitForTimeout(600);
    });
    await watch(open, 'palette: type', () => type(page, 'collection123'));
    await page.keyboard.press('Escape');

    await page.goto(`${server}/console/collections/many`);
    await page.getByRole('link', { name: '100001', exact: true }).waitFor();
    await page.waitForTimeout(1500);
    await watch(open, 'documents: scroll by 60 pixels', () => scroll(page, 60, 120));
    await watch(open, 'documents: scroll by 20,000 pixels', () => scroll(page, 20_000, 60));
    await watch(open, 'documents: choose five', async () => {
      for (let count = 0; count < 5; count++) {
        await page.locator('[role=row] input[type=checkbox]').nth(count + 8).click();
        await page.waitForTimeout(100);
      }
    });

    await page.goto(`${server}/console/query`);
    await page.locator('.cm-content').waitFor();
    await page.waitForTimeout(2500);
    await page.click('.cm-content');
    await watch(open, 'query: type with completion', () => type(page, 'FOR d IN collection12'));
    await page.keyboard.press('Escape');
    await watch(open, 'query: type on', () => type(page, '3 FILTER d.name == 1 RETURN d'));
    await page.keyboard.press('Control+a');
    await page.keyboard.type('FOR d IN many LIMIT 20000 RETURN d');
    await page.keyboard.press('Escape');
    await page.getByRole('combobox').last().selectOption('20000');
    await watch(open, 'query: run 20,000 rows', async () => {
      await page.keyboard.press('Control+Enter');
      await page.locator('[role=grid] [role=gridcell]').first().waitFor();
      await page.waitForTimeout(800);
    });
    await watch(open, 'query: scroll the result', () => scroll(page, 400, 100));
  }, 1);
}

try {
  if (only.includes('paint')) await firstPaint();
  if (only.includes('lists')) await lists();
} finally {
  stop();
}
