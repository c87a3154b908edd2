// What documents of a collection must look like: proposed from a sample, checked against what is there, set, met by a refusal, and taken away; and how
// their fields merge.
import assert from 'node:assert/strict';
import { violations } from './pages.mjs';

export const schemas = async ({ page, server, step, call, picture, label }) => {
  await call('DELETE', '/_fabric/_system/collection/schema_orders').catch(() => undefined);
  await call('POST', '/_fabric/_system/collection', { name: 'schema_orders' });
  await call('POST', '/_fabric/_system/cursor', { query: 'FOR i IN 1..30 INSERT { _key: CONCAT("o", i), item: "tea", count: i } INTO schema_orders' });
  const dialog = page.getByRole('dialog');
  const button = name => page.getByRole('button', { name, exact: true });
  const replace = async text => {
    await dialog.locator('.cm-content').click();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.insertText(text);
  };

  await step('schemas: proposed from the sample, and all documents meet it', async () => {
    await page.goto(`${server}/console/collections/schema_orders/schema`);
    await page.getByText('Any document is allowed').waitFor();
    await button('Change what is allowed').click();
    await dialog.locator('.cm-content').waitFor();
    await button('Propose from the sample').click();
    await dialog.getByText('"item"').first().waitFor();
    await button('Check the documents').click();
    await dialog.getByText('All documents meet it').waitFor();
  });

  await step('schemas: what does not meet it is listed before it is saved', async () => {
    await replace('{ "properties": { "count": { "maximum": 28 } } }');
    await button('Check the documents').click();
    await dialog.getByText('2 documents do not meet it').waitFor();
    await dialog.getByText('count: it must not be above 28').first().waitFor();
    assert.deepEqual(await violations(page), [], 'accessibility');
    await picture(`${label} schema`);
    await dialog.getByRole('link', { name: 'o30' }).waitFor();
  });

  await step('schemas: a mistake in it is told with its place, and the dialog stays', async () => {
    await replace('{ "properties": { "count": { "type": "nmber" } } }');
    await button('Save the schema').click();
    await dialog.getByText(/rule\.properties\.count\.type: "nmber" is not a type/).waitFor();
    await replace('{ "properties": { "count": { "maximum": 28 } } }');
    await button('Save the schema').click();
    await page.locator('.toasts').getByText('The schema holds from now on').waitFor();
    await page.getByText('New and changed documents are held to the schema').waitFor();
  });

  await step('schemas: a document that does not meet it is refused where it is written', async () => {
    await page.goto(`${server}/console/collections/schema_orders/documents/o1`);
    await dialog.locator('.cm-content').waitFor();
    await replace('{ "item": "tea", "count": 99 }');
    await button('Save').click();
    await dialog.getByText(/count: it must not be above 28/).waitFor();
    await page.goto(`${server}/console/collections/schema_orders/schema`);
    await button('Change what is allowed').click();
    await button('Allow any document').click();
    await page.getByText('Any document is allowed', { exact: true }).waitFor();
  });

  await step('settings: how fields merge, what is kept and what readers rely on are set and shown again', async () => {
    await page.goto(`${server}/console/collections/schema_orders/settings`);
    await page.getByRole('button', { name: 'Add field' }).click();
    await page.getByLabel('Attribute').fill('a..b');
    await page.getByLabel('Keep what merging discards').uncheck();
    await page.getByLabel('Readers may rely on').selectOption('bounded');
    await page.getByLabel('Milliseconds at most').fill('250');
    await button('Save settings').click();
    await page.getByText(/'a\.\.b' is no path/).waitFor();
    await page.getByLabel('Attribute').fill('stats.views');
    assert.deepEqual(await violations(page), [], 'accessibility');
    await picture(`${label} settings`);
    await button('Save settings').click();
    await page.locator('.toasts').getByText('Settings saved').waitFor();
    await page.reload();
    await page.getByLabel('Attribute').waitFor();
    assert.equal(await page.getByLabel('Attribute').inputValue(), 'stats.views');
    const { crdt, conflicts, consistency } = await call('GET', '/_fabric/_system/collection/schema_orders/properties');
    assert.deepEqual({ crdt, conflicts, consistency }, { crdt: { 'stats.views': 'counter' }, conflicts: 'off', consistency: 'bounded(250)' });
    await button('Leave out').click();
    await button('Save settings').click();
    await page.locator('.toasts').getByText('Settings saved').waitFor();
    await page.getByLabel('Attribute').waitFor({ state: 'detached' });
  });
};
