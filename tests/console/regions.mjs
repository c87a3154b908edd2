// Step 5 of the walk, on a cluster that runs: the map, a region's panel, and its own console, already signed in.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
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

  await step('a region is admitted, with its join file as a download, and removed again by its name', async () => {
    await page.goto(`${server}/console/fabric`);
    await page.getByRole('button', { name: 'Add region' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name', { exact: true }).fill('sa-east');
    await dialog.getByLabel('City').fill('São Paulo');
    await dialog.getByLabel('Latitude').fill('-23.55');
    assert.equal(await dialog.getByRole('button', { name: 'Add region' }).isDisabled(), true, 'a latitude alone is no place');
    await dialog.getByLabel('Longitude').fill('-46.63');
    const [file] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('button', { name: 'Add region' }).click()]);
    assert.equal(file.suggestedFilename(), 'sa-east.join');
    assert.match(readFileSync(await file.path(), 'utf8'), /sa-east/);
    await dialog.getByText('geofabric start --join sa-east.join').waitFor();
    await picture('region-admitted');
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await page.getByRole('button', { name: /^sa-east: / }).waitFor();
    await page.locator('.regions').getByRole('link', { name: 'sa-east' }).click();
    await page.getByRole('region', { name: 'sa-east', exact: true }).getByRole('button', { name: 'Remove region' }).click();
    const ask = page.getByRole('dialog', { name: 'Remove sa-east' });
    await ask.getByLabel(/is lost/).check();
    await ask.getByLabel('Type sa-east to confirm').fill('sa-east');
    await ask.getByRole('button', { name: 'Remove region' }).click();
    await page.locator('.toasts').getByText('sa-east is no member any more').waitFor();
    const { result: after } = await call('GET', '/_api/topology');
    assert.equal(after.regions.some(region => region.name === 'sa-east' && region.state !== 'removed'), false);
  });
};
