// The whole address book by keyboard alone: every step of walk.mjs that happens in the browser, without a click, and with a focus that can be seen.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { keysOf } from './keys.mjs';

const people = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../samples/addressbook/people.c8ql');

export const keyboardWalk = async ({ page, server, password, step, call }) => {
  const { reach, enter, fill, editor, reachEditor, leaveEditor, press } = keysOf(page);
  const main = page.locator('main');
  const toast = page.locator('.toasts');
  const dialog = page.getByRole('dialog');
  // What the walk by mouse left.
  await call('DELETE', '/_fabric/_system/collection/addresses').catch(() => undefined);
  await call('DELETE', '/_fabric/_system/restql/showAddresses').catch(() => undefined);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);

  await step('keyboard walk: 1 log in, after a wrong password', async () => {
    await page.goto(`${server}/console`);
    await page.getByLabel('Tenant').waitFor();
    await fill('Tenant', '_mm');
    await fill('User', 'root');
    await fill('Password', 'not the password');
    await press('Enter');
    await page.getByText('Check the password first').waitFor();
    await page.waitForFunction(() => document.activeElement?.name === 'password');
    await page.keyboard.type(password);
    await press('Enter');
    await page.getByRole('navigation', { name: 'Main menu' }).waitFor();
  });

  await step('keyboard walk: 2 Collections, Add collection, Save', async () => {
    await enter('Collections', { role: 'a' });
    await page.getByRole('heading', { level: 1, name: /^Collections/ }).waitFor();
    await enter('Add collection');
    await dialog.waitFor();
    await fill('Name', 'addresses');
    await enter('Save');
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('row', { name: /addresses/ }).waitFor();
  });

  await step('keyboard walk: 3 Query, paste, Execute: 500 written', async () => {
    await page.evaluate(text => navigator.clipboard.writeText(text), readFileSync(people, 'utf8'));
    await enter('Query', { role: 'a', key: 'Shift+Tab' });
    await editor();
    await press('ControlOrMeta+v');
    await leaveEditor('Shift+Tab');
    await enter('Execute', { key: 'Shift+Tab' });
    await main.getByText(/500 written, 0 failed, [\d.,]+ m?s/).waitFor();
  });

  await step('keyboard walk: 4 addresses; open a document, edit, Save, delete, Undo', async () => {
    await enter('Collections', { role: 'a', key: 'Shift+Tab' });
    await page.getByRole('link', { name: 'addresses' }).waitFor();
    await reach(/.*/, { role: 'grid' });
    // To the place of the collection in the list, whatever else is in it.
    const rows = await page.getByRole('grid').getByRole('link').allInnerTexts();
    await press(...Array(rows.indexOf('addresses')).fill('ArrowDown'), 'Enter');
    await page.getByText(/^500 documents/).waitFor();
    await page.getByRole('grid').getByRole('link').first().waitFor();
    await reach(/.*/, { role: 'grid' });
    await press('ArrowDown', 'ArrowUp', 'Enter');
    await dialog.waitFor();
    await dialog.locator('.cm-content').waitFor();
    await reachEditor();
    await press('Control+End', 'ArrowUp', 'End');
    await page.keyboard.type(',"note": "by keys');
    await leaveEditor();
    await enter('Save');
    await toast.getByText(/^Saved/).waitFor();
    await enter('Delete', { key: 'Shift+Tab' });
    await page.getByRole('dialog', { name: /^Delete/ }).waitFor();
    await enter('Delete');
    await page.getByText(/^499 documents/).waitFor();
    await enter('Undo');
    await page.getByText(/^500 documents/).waitFor();
    assert.equal((await call('POST', '/_fabric/_system/cursor', { query: 'FOR a IN addresses FILTER a.note == "by keys" RETURN 1' })).result.length, 1, 'the edit and the undo are on the server');
  });

  await step('keyboard walk: 6 and 7 Query, New, Ctrl+Enter: 500 rows; Save as showAddresses', async () => {
    await press('Escape');
    await page.keyboard.press('g');
    await page.keyboard.press('q');
    await editor();
    await leaveEditor('Shift+Tab');
    await enter('New', { key: 'Shift+Tab' });
    await reachEditor();
    await page.keyboard.type('for docs in addresses return docs');
    await press('Control+Enter');
    await main.getByText(/^500 rows/).waitFor();
    await press('Control+s');
    await dialog.waitFor();
    await fill('Name', 'showAddresses');
    await press('Enter');
    await toast.getByText('/_tenant/_mm/_fabric/_system/restql/execute/showAddresses').waitFor();
    await leaveEditor();
    await enter('Copy as curl', { key: 'Tab' });
    await page.waitForFunction(() => navigator.clipboard.readText().then(text => text.includes('/restql/execute/showAddresses')));
  });

  await step('keyboard walk: 8 Queries, newest on top, Play', async () => {
    await press('g', 'u');
    await page.getByRole('button', { name: /Play/ }).first().waitFor();
    assert.match(await main.locator('.saved-query').first().innerText(), /showAddresses/);
    await enter(/Play/);
    await main.getByText(/500 rows/).first().waitFor();
  });

  await step('keyboard walk: 9 Support, API, Execute restql by name, Try it out, Execute: 200', async () => {
    await press('g', 'h');
    const frame = page.frameLocator('iframe[title="API viewer"]');
    await frame.locator('.opblock-tag[data-tag="RESTQL"]').waitFor({ timeout: 90_000 });
    await enter(/^RESTQL/);
    const operation = frame.locator('.opblock').nth(1);
    await operation.waitFor();
    await enter(/Execute restql by name/);
    await operation.getByRole('button', { name: 'Try it out' }).waitFor();
    await enter('Try it out');
    await operation.locator('tr[data-param-name="name"] input').waitFor();
    for (let presses = 0; presses < 20 && !(await frame.locator('tr[data-param-name="name"] input').evaluate(input => input === document.activeElement)); presses++) await press('Tab');
    await page.keyboard.type('showAddresses');
    await enter('Execute', { role: 'button' });
    await operation.locator('.live-responses-table').waitFor({ timeout: 150_000 });
    assert.match(await operation.locator('.live-responses-table .response-col_status').last().innerText(), /^20[01]/);
  });
};
