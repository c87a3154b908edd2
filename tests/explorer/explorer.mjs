// The API explorer in headless Chromium: authorize, try a saved query out, and paste the curl line it shows into a shell.
// Needs URL and PASSWORD of a running server, and Debian's chromium. SCREENSHOTS=DIR keeps pictures of each step.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';

const { URL: server, PASSWORD: password, SCREENSHOTS: screenshots } = process.env;
assert.ok(server && password, 'set URL and PASSWORD');

async function call(method, address, body, token) {
  const headers = token ? { authorization: `bearer ${token}` } : {};
  const response = await fetch(server + address, { method, headers, body: body && JSON.stringify(body) });
  const answer = await response.json();
  assert.ok(response.ok, `${method} ${address}: ${JSON.stringify(answer)}`);
  return answer;
}

const { jwt } = await call('POST', '/_open/auth', { username: 'root', password });
await call('POST', '/_fabric/_system/_api/restql', { query: { name: 'squares', value: 'FOR n IN 1..@count RETURN n * n', parameter: { count: 3 } } }, jwt);

const profile = mkdtempSync(path.join(tmpdir(), 'geofabric-explorer-'));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  headless: true,
  viewport: { width: 1400, height: 1500 },
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
try {
  const page = await browser.newPage();
  const foreign = [];
  const complaints = [];
  page.on('request', request => /^(data|blob):/.test(request.url()) || request.url().startsWith(server) || foreign.push(request.url()));
  page.on('console', message => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', error => complaints.push(String(error)));
  const picture = name => screenshots && page.screenshot({ path: path.join(screenshots, `${name}.png`) });

  await page.goto(`${server}/swagger`);
  await page.waitForSelector('.opblock-tag');
  await picture('1-open');

  await page.click('.auth-wrapper .authorize');
  await page.fill('.modal-ux input[type=text]', jwt);
  await page.click('.modal-ux button.authorize');
  await picture('2-authorized');
  await page.click('.modal-ux .btn-done');

  const section = page.locator('.opblock-tag-section', { has: page.locator('.opblock-tag[data-tag="RESTQL"]') });
  await section.locator('.opblock-tag').click();
  await section.locator('.opblock').first().waitFor();
  const summaries = await section.locator('.opblock-summary-description').allInnerTexts();
  assert.equal(summaries[1], 'Execute restql by name', `the RESTQL entries are ${summaries.join(' | ')}`);

  const operation = section.locator('.opblock').nth(1);
  await operation.locator('.opblock-summary').click();
  await operation.locator('.try-out__btn').click();
  const parameter = name => operation.locator(`tr[data-param-name="${name}"] input`);
  assert.equal(await parameter('tenant').inputValue(), '_mm', 'the tenant is prefilled');
  assert.equal(await parameter('fabric').inputValue(), '_system', 'the fabric is prefilled');
  await parameter('name').fill('squares');
  await operation.locator('textarea.body-param__text').fill('{"bindVars": {"count": 4}}');
  await operation.locator('button.execute').click();
  await operation.locator('.live-responses-table').waitFor();
  await picture('3-executed');

  const status = (await operation.locator('.live-responses-table .response-col_status').last().innerText()).trim();
  const shown = JSON.parse(await operation.locator('.live-responses-table .highlight-code code').first().innerText());
  assert.match(status, /^20[01]/);
  assert.deepEqual(shown.result, [1, 4, 9, 16]);

  const curl = await operation.locator('.curl-command code').innerText();
  const pasted = JSON.parse(execFileSync('bash', ['-c', curl], { stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8' }));
  assert.deepEqual(pasted.result, [1, 4, 9, 16], `the curl line ${curl}`);

  assert.deepEqual(foreign, [], 'requests to foreign hosts');
  assert.deepEqual(complaints, [], 'errors in the console');
  console.log('The explorer works: authorize, try it out, curl.');
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
