// A graph's edge definitions are changed in its dialog: added, replaced, removed; what the server refuses is said, and the rest can be made afterwards.
import assert from 'node:assert/strict';
import { violations } from './pages.mjs';

const api = '/_fabric/_system';
const made = ['shownKnows', 'shownOwns', 'shownLends', 'shownPeople', 'shownThings'];

export const graphs = async ({ page, server, step, call, picture }) => {
  const dialog = page.getByRole('dialog');
  const save = dialog.getByRole('button', { name: 'Save', exact: true });
  const definitions = async () => (await call('GET', `${api}/graph/shownGraph`)).graph.edgeDefinitions.map(({ collection, from, to }) => `${from} ${collection} ${to}`).sort();
  const open = async () => {
    await page.getByRole('button', { name: 'Edit graph' }).press('Enter');
    await dialog.waitFor();
  };

  await call('DELETE', `${api}/graph/shownGraph`).catch(() => undefined);
  for (const collection of made) await call('DELETE', `${api}/collection/${collection}`).catch(() => undefined);
  await call('POST', `${api}/graph`, { name: 'shownGraph', edgeDefinitions: [{ collection: 'shownKnows', from: ['shownPeople'], to: ['shownPeople'] }] });

  await step('graphs: a kind of edge is added by keys, and drawn on the page', async () => {
    await page.goto(`${server}/console/graphs/shownGraph`);
    await open();
    assert.equal(await dialog.getByLabel('Edge collection').inputValue(), 'shownKnows');
    assert.equal(await save.isDisabled(), true, 'nothing is changed yet');
    await dialog.getByRole('button', { name: 'Add another kind of edge' }).press('Enter');
    await dialog.getByLabel('Edge collection').nth(1).fill('shownKnows');
    await dialog.getByLabel('From').nth(1).fill('shownPeople');
    await dialog.getByLabel('To', { exact: true }).nth(1).fill('shownThings');
    assert.equal(await save.isDisabled(), true, 'an edge collection has one definition');
    await dialog.getByLabel('Edge collection').nth(1).fill('shownOwns');
    assert.deepEqual(await violations(page), [], 'accessibility');
    await picture('graph-edit');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await page.locator('.definition-row', { hasText: 'shownOwns' }).waitFor();
    assert.deepEqual(await definitions(), ['shownPeople shownKnows shownPeople', 'shownPeople shownOwns shownThings']);
  });

  await step('graphs: one is removed, one replaced, one added by one Save; collections stay', async () => {
    await open();
    await dialog.getByRole('button', { name: 'Leave out' }).first().click();
    await dialog.getByLabel('To', { exact: true }).fill('shownThings, shownPeople');
    await dialog.getByRole('button', { name: 'Add another kind of edge' }).click();
    await dialog.getByLabel('Edge collection').nth(1).fill('shownLends');
    await dialog.getByLabel('From').nth(1).fill('shownPeople');
    await dialog.getByLabel('To', { exact: true }).nth(1).fill('shownThings');
    await save.click();
    await dialog.waitFor({ state: 'detached' });
    // The next step edits what the page shows, which it loads behind the save.
    await page.locator('.definition-row', { hasText: 'shownLends' }).waitFor();
    const [lends, owns, ...more] = await definitions();
    assert.equal(lends, 'shownPeople shownLends shownThings');
    assert.match(owns, /^shownPeople shownOwns (shownThings,shownPeople|shownPeople,shownThings)$/);
    assert.deepEqual(more, []);
    const names = (await call('GET', `${api}/collection`)).result.map(one => one.name);
    for (const name of made) assert.ok(names.includes(name), `${name} stays`);
  });

  await step('graphs: a refusal is said, what came before it is done, and the rest is made when it is mended', async () => {
    await open();
    await dialog.getByRole('button', { name: 'Leave out' }).first().click();
    await dialog.getByRole('button', { name: 'Add another kind of edge' }).click();
    await dialog.getByLabel('Edge collection').nth(1).fill('shownThings');
    await dialog.getByLabel('From').nth(1).fill('shownPeople');
    await dialog.getByLabel('To', { exact: true }).nth(1).fill('shownPeople');
    await save.click();
    await dialog.getByRole('alert').waitFor();
    assert.deepEqual(await violations(page), [], 'accessibility');
    await picture('graph-refused');
    assert.equal((await definitions()).length, 1, 'the removal is done');
    await dialog.getByLabel('Edge collection').nth(1).fill('shownKnows');
    await save.click();
    await dialog.waitFor({ state: 'detached' });
    const now = await definitions();
    assert.equal(now.length, 2);
    assert.equal(now[0], 'shownPeople shownKnows shownPeople');
    await page.locator('.definition-row', { hasText: 'shownKnows' }).waitFor();
  });
};
