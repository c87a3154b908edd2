// The query page beyond the walk: tabs, errors, bind values, views, plans, stopping, history and links.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

export const queries = async ({ page, server, step, call }) => {
  const button = name => page.getByRole('button', { name, exact: true });
  const tab = name => page.getByRole('tab', { name });
  const status = page.locator('[data-status]');
  const editor = page.locator('.query-editor .cm-content');
  const write = async text => {
    await button('New').click();
    await editor.click();
    await page.keyboard.insertText(text);
    await page.keyboard.press('Escape');
  };
  const run = async (text, shown) => {
    await write(text);
    await button('Execute').click();
    await status.getByText(shown).waitFor();
  };
  await call('DELETE', '/_fabric/_system/collection/query_places').catch(() => undefined);
  await call('POST', '/_fabric/_system/collection', { name: 'query_places' });
  await call('POST', '/_fabric/_system/cursor', { query: 'FOR i IN 1..3000 INSERT { _key: CONCAT("k", i), n: i, city: i % 2 ? "Oslo" : "Graz", at: { lat: 40 + i % 20, lon: i % 30 } } INTO query_places OPTIONS { overwriteMode: "ignore" }' });

  await step('query: a misspelt word is underlined, and the suggestion mends it', async () => {
    await page.goto(`${server}/console/query`);
    await write('FOR i IN 1..3 RETRUN i');
    await page.locator('.cm-lintRange-error').hover();
    await page.getByRole('button', { name: 'Replace by RETURN' }).click();
    await page.locator('.cm-line').getByText('RETURN').waitFor();
  });

  await step('query: an error is told in plain words, in the result and in the history', async () => {
    await write('FOR p IN query_placez RETURN p');
    await button('Execute').click();
    await page.locator('.results').getByText(/^collection or view not found: query_placez/).waitFor();
    await button('History').click();
    await page.getByRole('dialog').getByText(/^collection or view not found: query_placez/).first().waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  await step('query: ? lists the keys of the page, and Ctrl+Enter runs from beside the editor too', async () => {
    await write('RETURN "by keys"');
    await page.evaluate(() => document.getElementById('page').focus());
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    for (const [title, keys] of [['Run the query', 'CtrlEnter'], ['Run the selection', 'CtrlShiftEnter'], ['Complete the word', 'CtrlSpace'], ['Leave the editor', 'EscTab']])
      assert.equal((await help.locator('.key-list > div', { hasText: title }).locator('dt').innerText()).replace(/\s/g, ''), keys);
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'detached' });
    await page.keyboard.press('Control+Enter');
    await page.getByRole('gridcell', { name: 'by keys' }).waitFor();
  });

  await step('query: what is typed right after New stands in the new tab, whole, and nothing of it in the one before', async () => {
    const long = `RETURN ${JSON.stringify('a long text '.repeat(1000))}`;
    await write(long);
    // As on a slow computer: keys come before the frame that shows the new tab.
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: 10 });
    await page.evaluate(() => document.querySelector('main [data-new]').click());
    await page.keyboard.type('RETURN 1 + 2 + 3');
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 });
    await page.keyboard.press('Control+Enter');
    await page.getByRole('gridcell', { name: '6' }).waitFor();
    assert.equal(await editor.innerText(), 'RETURN 1 + 2 + 3');
    await page.waitForFunction(text => Object.keys(localStorage).some(key => key.includes('query.tabs') && JSON.parse(localStorage[key]).tabs.some(tab => tab.text === text)), long);
  });

  await step('query: typing over a selection replaces it, and needs no style that the policy refuses', async () => {
    await write('FOR i IN 1..3\n  RETURN i');
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('RETURN 12');
    await editor.getByText(/^RETURN 12$/).waitFor();
    assert.equal((await editor.innerText()).trim(), 'RETURN 12');
  });

  await step('query: tabs and their texts outlive a reload', async () => {
    await write('RETURN "kept"');
    await page.reload();
    await editor.getByText('"kept"').waitFor();
    assert.ok((await page.locator('.query-tab').count()) >= 2);
  });

  await step('query: bind values are asked for, and taken with their types', async () => {
    await write('FOR p IN @@where FILTER p.n <= @most RETURN p.city');
    await button('Execute').click();
    await page.getByText('Fill in @@where first').waitFor();
    await page.getByRole('combobox', { name: '@@where' }).fill('query_places');
    await page.getByLabel('Type of most').selectOption('number');
    await page.getByRole('textbox', { name: '@most' }).fill('7');
    await button('Execute').click();
    await status.getByText('7 rows').waitFor();
  });

  await step('query: the first 1,000 rows, then more, and few of them in the page', async () => {
    await run('FOR p IN query_places RETURN p', 'First 1,000 rows');
    await button('Load more').click();
    await status.getByText('First 2,000 rows').waitFor();
    await page.getByLabel('Rows at once').selectOption('20000');
    await run('FOR i IN 1..20000 RETURN { i, text: CONCAT("row ", i) }', '20,000 rows');
    await page.locator('.result-table').evaluate(grid => grid.scrollTo(0, 300_000));
    await page.getByText('row 10004', { exact: true }).waitFor();
    assert.ok((await page.locator('.result-table [role=row]').count()) <= 60, 'rows in the page');
    await page.getByLabel('Rows at once').selectOption('1000');
  });

  await step('query: rows as JSON, map and chart, and as a CSV file', async () => {
    await run('FOR p IN query_places LIMIT 50 RETURN p', '50 rows');
    await tab('JSON').click();
    await page.locator('.json-text .cm-line').getByText('"Oslo"').first().waitFor();
    await tab('Map').click();
    await page.locator('.map-pin').first().waitFor();
    assert.equal(await page.locator('.map-pin').first().evaluate(pin => pin.tabIndex), 0, 'keys reach the pins');
    await run('FOR p IN query_places COLLECT city = p.city WITH COUNT INTO places RETURN { city, places }', '2 rows');
    await tab('Chart').click();
    await page.locator('.chart canvas').waitFor();
    await button('Download').click();
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'CSV', exact: true }).click()]);
    assert.match(readFileSync(await file.path(), 'utf8'), /^\uFEFFcity,places\r\nGraz,1500\r\nOslo,1500\r\n$/);
  });

  await step('query: edges among the rows are drawn as a graph', async () => {
    await run('FOR i IN 1..3 RETURN { _id: CONCAT("e/", i), _from: "v/0", _to: CONCAT("v/", i) }', '3 rows');
    await tab('Graph').click();
    await page.locator('.graph-explorer').waitFor();
  });

  await step('query: a full scan is shown, and the index it needs is one click away', async () => {
    await write('FOR p IN query_places FILTER p.n == 77 RETURN p');
    await button('Explain').click();
    await page.locator('.plan-box.full-scan').waitFor();
    await button('Create the index this needs').click();
    await page.locator('.plan-box').getByText('Index').first().waitFor();
    assert.equal(await page.locator('.plan-box.full-scan').count(), 0);
    await button('Profile').click();
    await status.getByText('1 row,').waitFor();
    await page.getByText('Where the time went').waitFor();
  });

  await step('query: a function over an indexed field gets a hint', async () => {
    await write('FOR p IN query_places FILTER ABS(p.n) == 7 RETURN p');
    await page.locator('.cm-lintRange-info').hover();
    await page.getByText('ABS hides n from the index of query_places').waitFor();
  });

  await step('query: a pinned result is compared with the latest', async () => {
    await run('FOR i IN 1..3 RETURN { _key: TO_STRING(i), n: i }', '3 rows');
    await button('Pin').click();
    await editor.click();
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('FOR again IN 1..2 ');
    await page.keyboard.press('Escape');
    await button('Execute').click();
    await status.getByText('6 rows').waitFor();
    await page.locator('.pin .chip').click();
    await button('Compare with the latest').click();
    await page.getByText('3 added, 0 removed, 0 changed, 3 the same').waitFor();
  });

  await step('query: Cancel stops it on the server', async () => {
    await write('FOR i IN 1..100000000 FILTER SLEEP(0.01) RETURN i');
    await button('Execute').click();
    const current = () => call('GET', '/_fabric/_system/query/current');
    while ((await current()).length === 0) await page.waitForTimeout(50);
    await page.getByRole('button', { name: 'Cancel' }).first().click();
    await page.getByText('Cancelled', { exact: true }).waitFor();
    while ((await current()).length > 0) await page.waitForTimeout(50);
  });

  await step('query: the history runs a query again', async () => {
    await button('History').click();
    await page.getByRole('dialog').getByLabel('Search the history').fill('row CONCAT');
    await page.getByRole('dialog').getByRole('button', { name: 'Run again' }).first().click();
    await status.getByText('First 1,000 rows').waitFor();
  });

  await step('query: the link to the page is the link to the query', async () => {
    await write('RETURN "by link"');
    await page.waitForFunction(() => location.hash.startsWith('#z='));
    await page.waitForTimeout(800);
    const link = page.url();
    await page.evaluate(() => localStorage.clear());
    await page.goto(`${server}/console/queries`);
    await page.evaluate(() => localStorage.clear());
    await page.goto(link);
    await editor.getByText('"by link"').waitFor();
  });

  await step('query: Escape, then Tab leaves the editor; Ctrl+Enter runs', async () => {
    await editor.click();
    await page.keyboard.press('Control+Enter');
    await status.getByText('1 row,').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.closest('.cm-editor')), null);
  });

  await step('query: Enter behind a whole word makes a new line', async () => {
    await write('');
    await editor.click();
    await page.keyboard.type('FOR place IN query_places');
    await page.keyboard.press('Escape');
    await page.keyboard.type(' RETURN place');
    await page.locator('.cm-tooltip-autocomplete').waitFor();
    await page.waitForTimeout(200);
    await page.keyboard.press('Enter');
    assert.equal(await page.locator('.query-editor .cm-line').count(), 2);
  });

  const card = name => page.locator('.saved-query', { has: page.getByRole('heading', { name, exact: true }) });

  await step('queries: saved with a default, played with a value, and edited without losing either', async () => {
    await page.goto(`${server}/console/query`);
    await write('FOR p IN query_places FILTER p.city == @city && p.n <= @most RETURN p');
    await page.getByRole('textbox', { name: '@city' }).fill('Oslo');
    await page.getByLabel('Type of most').selectOption('number');
    await page.getByRole('textbox', { name: '@most' }).fill('9');
    await button('Save as').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name', { exact: true }).fill('reports/places');
    await dialog.getByLabel('Description').fill('near ones');
    await dialog.locator('.checkbox').nth(1).click();
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await page.locator('.toasts').getByText('restql/execute/reports%2Fplaces').waitFor();
    await page.goto(`${server}/console/queries`);
    await page.getByRole('heading', { name: 'reports/' }).waitFor();
    await card('places').getByText('default 9').waitFor();
    await card('places').getByRole('button', { name: 'Play' }).click();
    await dialog.getByRole('textbox', { name: '@city' }).fill('Graz');
    await dialog.getByRole('button', { name: 'Run', exact: true }).click();
    await card('places').getByText('4 rows').waitFor();
    await card('places').getByRole('button', { name: 'Edit' }).click();
    await button('Save as').click();
    assert.equal(await dialog.getByLabel('Description').inputValue(), 'near ones');
    await dialog.getByRole('button', { name: 'Replace', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    const kept = (await call('GET', '/_fabric/_system/restql/user')).result.find(one => one.name === 'reports/places');
    assert.deepEqual([kept.parameter, kept.description], [{ most: 9 }, 'near ones']);
  });

  await step('queries: duplicated, exported, deleted and imported again', async () => {
    await page.goto(`${server}/console/queries`);
    await card('places').getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Duplicate' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click();
    await card('places-copy').waitFor();
    const [file] = await Promise.all([page.waitForEvent('download'), button('Export').click()]);
    const exported = await file.path();
    for (const name of ['places', 'places-copy']) {
      await card(name).getByRole('button', { name: 'More' }).click();
      await page.getByRole('menuitem', { name: 'Delete' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
      await card(name).waitFor({ state: 'detached' });
    }
    await page.locator('input[type=file]').setInputFiles(exported);
    await page.getByText(/^2 imported|imported, \d+ failed/).first().waitFor();
    await card('places').waitFor();
    await card('places-copy').waitFor();
    for (const name of ['reports/places', 'reports/places-copy']) await call('DELETE', `/_fabric/_system/restql/${encodeURIComponent(name)}`);
  });

  await step('queries: the page of slow ones says from when on they are', async () => {
    const { slowQueryThreshold } = await call('GET', '/_fabric/_system/query/properties');
    await page.goto(`${server}/console/queries/slow`);
    await page.getByText(`longer than ${slowQueryThreshold} s are kept`).waitFor();
  });

  await step('queries: running ones are listed and killed', async () => {
    const running = call('POST', '/_fabric/_system/cursor', { query: 'FOR i IN 1..100000000 FILTER SLEEP(0.01) RETURN i' }).catch(error => error);
    await page.goto(`${server}/console/queries/running`);
    await page.getByRole('button', { name: 'Kill' }).click();
    assert.match(String(await running), /1500|kill/i);
    await page.getByText('Nothing is running').waitFor();
  });
};
