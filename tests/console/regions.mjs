// Step 5 of the walk, on a cluster that runs: the map, a region's panel, and its own console, already signed in.
import assert from 'node:assert/strict';
import { keysOf } from './keys.mjs';

export const regions = async ({ page, server, password, step, call, picture }) => {
  const { result } = await call('GET', '/_api/topology');
  const here = result.regions.find(region => region.isSelf);
  const there = result.regions.find(region => !region.isSelf);

  await step('5 Global fabric: the map, a pin, its panel', async () => {
    await page.goto(`${server}/console/`);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Log in', exact: true }).click();
    await page.getByRole('navigation', { name: 'Main menu' }).getByRole('link', { name: 'Global fabric' }).click();
    await page.getByRole('button', { name: new RegExp(`^${there.name}: `) }).click();
    const panel = page.getByRole('region', { name: there.name, exact: true });
    await panel.getByText('Documents', { exact: true }).waitFor();
    await page.getByText(here.name, { exact: true }).first().waitFor();
    await picture('fabric-panel');
  });

  await step('5 Open console there: the other region’s console, signed in, with the same documents', async () => {
    const opened = page.context().waitForEvent('page');
    await page.getByRole('button', { name: /Open console there/ }).click();
    const other = await opened;
    await other.waitForURL(/\/console/);
    await other.getByRole('navigation', { name: 'Main menu' }).waitFor();
    assert.notEqual(new URL(other.url()).origin, new URL(server).origin, 'another server');
    assert.equal(/code=|eyJ/.test(other.url()), false, 'neither code nor token stays in the address');
    const badge = await other.locator('.region-badge').innerText();
    assert.notEqual(badge, await page.locator('.region-badge').innerText(), 'the top bar names the other region');
    await other.getByRole('navigation', { name: 'Main menu' }).getByRole('link', { name: 'Collections' }).click();
    await other.getByRole('link', { name: 'addresses' }).click();
    await other.getByText(/^500 documents/).waitFor();
  });

  await step('5 by keyboard alone: a pin of the map, Open console there, the same documents', async () => {
    const { enter } = keysOf(page);
    await page.goto(`${server}/console/dashboard`);
    await enter('Global fabric', { role: 'a' });
    await page.locator('.map-pin').first().waitFor();
    await enter(new RegExp(`^${there.name}: `));
    await page.getByRole('region', { name: there.name, exact: true }).getByText('Documents', { exact: true }).waitFor();
    const opened = page.context().waitForEvent('page');
    await enter(/Open console there/);
    const other = await opened;
    await other.getByRole('navigation', { name: 'Main menu' }).waitFor();
    const far = keysOf(other);
    await far.enter('Collections', { role: 'a' });
    await other.getByRole('link', { name: 'addresses' }).waitFor();
    await far.reach(/.*/, { role: 'grid' });
    const rows = await other.getByRole('grid').getByRole('link').allInnerTexts();
    await far.press(...Array(rows.indexOf('addresses')).fill('ArrowDown'), 'Enter');
    await other.getByText(/^500 documents/).waitFor();
  });

  await step('a query runs in the region that is chosen, and its page names that region', async () => {
    await page.goto(`${server}/console/query`);
    await page.locator('.cm-content').waitFor();
    await page.getByLabel('Run in region').selectOption(there.name);
    await page.click('.cm-content');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('FOR d IN addresses LIMIT 3 RETURN d._key');
    await page.keyboard.press('Control+Enter');
    await page.locator('.results').getByText(there.name, { exact: true }).waitFor();
  });
};
