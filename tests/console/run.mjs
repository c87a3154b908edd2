// The console in a real browser: the walk, every page in both themes, files, indexes, limits, keyboard and budgets.
// Needs URL and PASSWORD of a running server, and Debian's chromium. SCREENSHOTS=DIR keeps pictures; ONLY=walk,files runs some parts.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { budgets } from './budgets.mjs';
import { desktop, openBrowser, openPage, phone, signIn } from './browser.mjs';
import { dashboard } from './dashboard.mjs';
import { fabrics } from './fabrics.mjs';
import { files } from './files.mjs';
import { graphs } from './graphs.mjs';
import { indexes } from './indexes.mjs';
import { keyboard } from './keyboard.mjs';
import { keyboardWalk } from './keyboardWalk.mjs';
import { limits } from './limits.mjs';
import { clusterAddresses, map } from './map.mjs';
import { pages } from './pages.mjs';
import { queries } from './queries.mjs';
import { regions } from './regions.mjs';
import { schemas } from './schemas.mjs';
import { serve } from './serve.mjs';
import { views } from './views.mjs';
import { walk } from './walk.mjs';

const { URL: api, PASSWORD: password, SCREENSHOTS: screenshots, ONLY: only } = process.env;
assert.ok(api && password, 'set URL and PASSWORD');
if (screenshots) mkdirSync(screenshots, { recursive: true });

// A server that has the console built in is tested as it is; in front of one that has not, the built files are served with the same policy.
const embedded = /\/console\/assets\//.test(await (await fetch(`${api}/console/`)).text());
const { address: server, stop } = embedded ? { address: api, stop: () => undefined } : await serve(api);
console.log(embedded ? 'the console built into the server' : 'the built files in front of the server');

let failed = 0;
let passed = 0;
const { jwt } = await (await fetch(`${api}/_open/auth`, { method: 'POST', body: JSON.stringify({ tenant: '_mm', username: 'root', password }) })).json();
async function call(method, address, body) {
  const response = await fetch(api + address, { method, headers: { authorization: `bearer ${jwt}` }, body: body && JSON.stringify(body) });
  const answer = await response.json();
  assert.ok(response.ok, `${method} ${address}: ${JSON.stringify(answer)}`);
  return answer;
}

/** Runs a part on a page of its own; what must never happen on any page fails the step it happens in. */
async function part(name, run, { viewport = desktop, dark = false, isSignedIn = true } = {}) {
  if (only && !only.split(',').includes(name.split(' ')[0])) return;
  const { context, close } = await openBrowser({ viewport, dark });
  const { page, complaints } = await openPage(context, server);
  page.setDefaultTimeout(30_000);
  const picture = async file => screenshots && page.screenshot({ path: path.join(screenshots, `${file}.png`) });
  const step = async (title, act) => {
    const started = Date.now();
    try {
      await act();
      assert.deepEqual(complaints.splice(0), [], 'what must not happen on a page');
      passed++;
      console.log(`ok      ${title} (${Date.now() - started} ms)`);
    } catch (error) {
      failed++;
      console.log(`FAILED  ${title}\n${error.stack ?? error}\n${complaints.splice(0).join('\n')}`);
      await picture(`failed ${title.replace(/[^\w]+/g, '-').slice(0, 60)}`).catch(() => undefined);
    }
  };
  try {
    if (isSignedIn) await signIn(page, api, { password });
    await run({ page, server, password, step, picture, call, label: name });
  } finally {
    await close();
  }
}

/** Everything but the walk between regions; a demo has its address book already, and gets only that. */
async function single() {
  await part('walk', walk, { isSignedIn: false });
  await part('light', pages);
  await part('dark', pages, { dark: true });
  // The themes differ in colours alone, so the phone's layout is looked at in one of them.
  await part('phone', pages, { viewport: phone, dark: true });
  await part('dashboard', dashboard);
  await part('files', files);
  await part('indexes', indexes);
  await part('schemas', schemas);
  await part('fabrics', fabrics);
  await part('views', views);
  await part('graphs', graphs);
  await part('query', queries);
  await part('limits', limits);
  await part('keyboard', keyboard, { isSignedIn: false });
  await part('keys', keyboardWalk, { isSignedIn: false });
}

const { result: topology } = await call('GET', '/_api/topology').catch(() => ({ result: { isCluster: false } }));
const { isCluster } = topology;
try {
  await budgets({
    step: async (title, act) => {
      try {
        await act();
        passed++;
        console.log(`ok      ${title}`);
      } catch (error) {
        failed++;
        console.log(`FAILED  ${title}\n${error.message}`);
      }
    },
  });
  if (isCluster) {
    await part('regions', regions, { isSignedIn: false });
    await part('map', map);
    const shown = given => pages({ ...given, shown: clusterAddresses });
    await part('light', shown);
    await part('phone', shown, { viewport: phone, dark: true });
  }
  else await single();
} finally {
  stop();
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
