// The address book, click by click, with the very words on the buttons.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

// Not the blocking kind: the files may be served by this very process.
const execute = promisify(execFile);

const samples = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../samples/addressbook');

/** Pastes a text where the cursor is, as a person does. */
const paste = (page, text) =>
  page.evaluate(pasted => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);

export const walk = async ({ page, server, password, step, call }) => {
  const button = name => page.getByRole('button', { name, exact: true });
  const menu = name => page.getByRole('navigation', { name: 'Main menu' }).getByRole('link', { name, exact: true });
  const main = page.locator('main');
  const toast = page.locator('.toasts');

  await step('1 log in, and a wrong password says what to check', async () => {
    await page.goto(`${server}/console`);
    assert.match(new URL(page.url()).pathname, /^\/console/);
    const { label } = await call('GET', '/_open/console');
    if (label) await page.locator('.environment').getByText(label, { exact: true }).waitFor();
    await page.getByLabel('Tenant').fill('_mm');
    await page.getByLabel('User', { exact: true }).fill('root');
    await page.getByLabel('Password', { exact: true }).fill('not the password');
    await button('Log in').click();
    await page.getByText('Check the password first').waitFor();
    assert.equal(await page.getByLabel('User', { exact: true }).inputValue(), 'root', 'the typed name is kept');
    assert.equal(await page.getByLabel('Tenant').inputValue(), '_mm', 'the typed tenant is kept');
    await page.getByLabel('Password', { exact: true }).fill(password);
    await button('Log in').click();
    await menu('Collections').waitFor();
    if (label) await page.locator('.top-bar .environment').getByText(label, { exact: true }).waitFor();
    assert.equal(await page.evaluate(() => [JSON.stringify(localStorage), location.href].join().includes('eyJ')), false, 'the token is only in this tab');
  });

  await step('2 Collections, Add collection, Save: a row with count 0 and its regions', async () => {
    await menu('Collections').click();
    await button('Add collection').first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Leave empty: keys are generated').waitFor();
    await dialog.getByLabel('Name', { exact: true }).fill('addresses');
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    const row = page.getByRole('row', { name: /addresses/ });
    await row.waitFor();
    const cells = await row.getByRole('gridcell').allInnerTexts();
    assert.equal(cells[1], '0', `the cells are ${cells.join(' | ')}`);
    assert.match(cells[5], /\w/, 'the regions it lives in');
  });

  await step('3 Query: paste 500 people, Execute: 500 written, 0 failed', async () => {
    await menu('Query').click();
    await page.locator('.cm-content').click();
    await paste(page, readFileSync(path.join(samples, 'people.c8ql'), 'utf8'));
    await button('Execute').click();
    await main.getByText(/500 written, 0 failed, [\d.,]+ m?s/).waitFor();
  });

  await step('4 Collections, addresses: 500 documents; open one, edit, Save, delete with confirmation', async () => {
    await menu('Collections').click();
    await page.getByRole('link', { name: 'addresses' }).click();
    await page.getByText(/^500 documents/).waitFor();
    await page.getByRole('grid').getByRole('link').first().click();
    const drawer = page.getByRole('dialog');
    await drawer.locator('.cm-content').click();
    await page.keyboard.press('Control+End');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('End');
    await page.keyboard.type(',"note": "edited');
    await drawer.getByRole('tab', { name: 'Changes (1)' }).click();
    await drawer.getByRole('rowheader', { name: 'note' }).waitFor();
    await drawer.getByRole('button', { name: 'Save', exact: true }).click();
    await toast.getByText(/^Saved/).waitFor();
    await drawer.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByRole('dialog', { name: /^Delete/ }).getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText(/^499 documents/).waitFor();
    await toast.getByRole('button', { name: 'Undo' }).click();
    await page.getByText(/^500 documents/).waitFor();
    assert.equal((await call('POST', '/_fabric/_system/cursor', { query: 'FOR a IN addresses FILTER a.note == "edited" RETURN 1' })).result.length, 1, 'the edit and the undo are on the server');
  });

  await step('6 Query, New, lower case, Execute: 500 rows', async () => {
    await menu('Query').click();
    await button('New').click();
    await page.locator('.cm-content').click();
    await page.keyboard.type('for docs in addresses return docs');
    await page.keyboard.press('Escape');
    await button('Execute').click();
    await main.getByText(/^500 rows/).waitFor();
  });

  await step('7 Save as showAddresses: the endpoint and Copy as curl', async () => {
    await button('Save as').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name', { exact: true }).fill('showAddresses');
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await toast.getByText('/_tenant/_mm/_fabric/_system/restql/execute/showAddresses').waitFor();
    await toast.getByRole('button', { name: 'Copy as curl' }).waitFor();
  });

  await step('8 Queries: newest on top, Play runs it in place', async () => {
    await menu('Queries').click();
    const play = page.getByRole('button', { name: /Play/ });
    await play.first().waitFor();
    const top = await main.locator('.saved-query, [data-query], li, article').first().innerText();
    assert.match(top, /showAddresses/);
    await play.first().click();
    await main.getByText(/500 rows/).first().waitFor();
  });

  let curl;
  await step('9 Support, API, RESTQL, Execute restql by name, Try it out, Execute: 200 and the rows', async () => {
    await menu('Support').click();
    const frame = page.frameLocator('iframe[title="API viewer"]');
    const section = frame.locator('.opblock-tag-section', { has: frame.locator('.opblock-tag[data-tag="RESTQL"]') });
    await section.locator('.opblock-tag').click({ timeout: 90_000 });
    await section.locator('.opblock').first().waitFor();
    const summaries = await section.locator('.opblock-summary-description').allInnerTexts();
    assert.equal(summaries[1], 'Execute restql by name', `the entries are ${summaries.join(' | ')}`);
    const operation = section.locator('.opblock').nth(1);
    await operation.locator('.opblock-summary').click();
    await operation.getByRole('button', { name: 'Try it out' }).click();
    const parameter = name => operation.locator(`tr[data-param-name="${name}"] input`);
    assert.equal(await parameter('tenant').inputValue(), '_mm', 'the tenant is prefilled');
    assert.equal(await parameter('fabric').inputValue(), '_system', 'the fabric is prefilled');
    await parameter('name').fill('showAddresses');
    await operation.getByRole('button', { name: 'Execute', exact: true }).click();
    // The explorer colours every row of the answer, which takes it a while.
    await operation.locator('.live-responses-table').waitFor({ timeout: 150_000 });
    assert.match(await operation.locator('.live-responses-table .response-col_status').last().innerText(), /^20[01]/);
    curl = await operation.locator('.curl-command code').innerText();
    assert.match(curl, /_tenant\/_mm\/_fabric\/_system\/restql\/execute\/showAddresses/);
  });

  await step('10 the curl line in a shell gives rows', async () => {
    const answer = JSON.parse((await execute('bash', ['-c', curl], { maxBuffer: 1 << 26 })).stdout);
    assert.ok(answer.result.length > 0 && answer.result[0].email, 'people');
  });

  await step('11 the Lambda handler with the same URL and token', async () => {
    const token = /Authorization: Bearer ([^'"\s]+)/i.exec(curl)[1];
    const { stdout: text } = await execute('node', ['--input-type=module', '-e', 'const { handler } = await import("./lambda.mjs"); const answer = await handler({}); console.log(answer.statusCode, JSON.parse(answer.body).length)'], {
      cwd: samples,
      env: { ...process.env, GEOFABRIC_HOST: server.split('//')[1], GEOFABRIC_TLS: 'false', GEOFABRIC_PATH: '/_tenant/_mm/_fabric/_system/restql/execute/showAddresses', GEOFABRIC_TOKEN: token },
    });
    assert.match(text, /^200 500/);
  });
};
