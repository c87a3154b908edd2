// Search views: what one searches is changed, it gets another name, and it is dropped; links that say more than the form are kept whole.
import assert from 'node:assert/strict';
import { violations } from './pages.mjs';

const api = '/_fabric/_system';

export const views = async ({ page, server, step, call, picture }) => {
  const dialog = page.getByRole('dialog');
  const linksOf = async view => (await call('GET', `${api}/search/view/${view}/properties`)).result.links;
  const found = async view => (await call('POST', `${api}/cursor`, { query: `FOR d IN ${view} SEARCH ANALYZER(TOKENS("running", "text_en") ANY == d.note OR TOKENS("running", "text_en") ANY == d.title, "text_en") OPTIONS { waitForSync: true } SORT d._id RETURN PARSE_IDENTIFIER(d).collection` })).result;

  for (const view of ['viewBefore', 'viewAfter', 'viewOfMore']) await call('DELETE', `${api}/search/view/${view}`).catch(() => undefined);
  for (const collection of ['viewedBooks', 'viewedFilms']) {
    await call('DELETE', `${api}/collection/${collection}`).catch(() => undefined);
    await call('POST', `${api}/collection`, { name: collection });
    await call('POST', `${api}/document/${collection}`, { title: 'She runs', note: 'he ran' });
  }
  await call('POST', `${api}/search/view`, { name: 'viewBefore', type: 'search', links: { viewedBooks: { analyzers: ['text_en'], fields: { title: {} } } } });

  await step('views: another collection, by keys, and the search finds what is in it', async () => {
    assert.deepEqual(await found('viewBefore'), ['viewedBooks']);
    await page.goto(`${server}/console/search/viewBefore`);
    await page.getByRole('button', { name: 'Edit view' }).focus();
    await page.keyboard.press('Enter');
    await dialog.waitFor();
    assert.equal(await dialog.getByLabel('Collection').inputValue(), 'viewedBooks');
    assert.equal(await dialog.getByLabel('Fields').inputValue(), 'title');
    await dialog.getByRole('button', { name: 'Add another collection' }).press('Enter');
    assert.equal(await dialog.getByRole('button', { name: 'Save', exact: true }).isDisabled(), true, 'a group without a collection');
    const second = dialog.getByLabel('Collection').nth(1);
    await second.locator('option', { hasText: 'viewedFilms' }).waitFor({ state: 'attached' });
    assert.equal(await second.locator('option', { hasText: 'viewedBooks' }).count(), 0, 'a collection has one link');
    await second.selectOption('viewedFilms');
    await dialog.getByLabel('Fields').nth(1).fill('title, author.name');
    assert.deepEqual(await violations(page), [], 'accessibility');
    await picture('view-edit');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await page.locator('.view-links li', { hasText: 'viewedFilms' }).waitFor();
    const links = await linksOf('viewBefore');
    assert.deepEqual(Object.keys(links), ['viewedBooks', 'viewedFilms']);
    assert.deepEqual(links.viewedFilms.fields, { author: { fields: { name: {} } }, title: {} });
    assert.deepEqual(await found('viewBefore'), ['viewedBooks', 'viewedFilms']);
  });

  await step('views: a collection is left out, another has another analyzer', async () => {
    await page.getByRole('button', { name: 'Edit view' }).click();
    await dialog.getByRole('button', { name: 'Leave out' }).first().click();
    await dialog.getByLabel('Analyzer').locator('option', { hasText: 'text_de' }).waitFor({ state: 'attached' });
    await dialog.getByLabel('Analyzer').selectOption('text_de');
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    const links = await linksOf('viewBefore');
    assert.deepEqual(Object.keys(links), ['viewedFilms']);
    assert.deepEqual(links.viewedFilms.analyzers, ['text_de']);
    await page.locator('.view-links li', { hasText: 'text_de' }).waitFor();
    assert.equal(await page.locator('.view-links li').count(), 1);
  });

  await step('views: a link that says more is shown as JSON, and stays whole', async () => {
    const link = { analyzers: ['text_en', 'identity'], fields: { title: { analyzers: ['text_en'] } }, trackListPositions: true };
    await call('POST', `${api}/search/view`, { name: 'viewOfMore', type: 'search', links: { viewedBooks: link } });
    const before = await linksOf('viewOfMore');
    await page.goto(`${server}/console/search/viewOfMore`);
    await page.getByRole('button', { name: 'Edit view' }).click();
    const text = dialog.getByLabel('Link as JSON');
    assert.deepEqual(JSON.parse(await text.inputValue()), before.viewedBooks);
    await text.fill('{');
    await dialog.getByText('This is not the JSON of an object.').waitFor();
    assert.equal(await dialog.getByRole('button', { name: 'Save', exact: true }).isDisabled(), true);
    assert.deepEqual(await violations(page), [], 'accessibility');
    await picture('view-json');
    await text.fill(JSON.stringify({ ...before.viewedBooks, analyzers: ['no_such'] }));
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await dialog.getByRole('alert').filter({ hasText: 'no_such' }).waitFor();
    assert.deepEqual(await linksOf('viewOfMore'), before, 'what is refused changes nothing');
    await text.fill(JSON.stringify({ ...before.viewedBooks, includeAllFields: true }));
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    assert.deepEqual(await linksOf('viewOfMore'), { viewedBooks: { ...before.viewedBooks, includeAllFields: true } });
  });

  await step('views: a name that is taken is refused, another leads to the view under it', async () => {
    await page.goto(`${server}/console/search/viewBefore`);
    await page.getByRole('button', { name: 'Rename', exact: true }).press('Enter');
    await page.locator('dialog input:focus').waitFor();
    const act = dialog.getByRole('button', { name: 'Rename', exact: true });
    assert.equal(await act.isDisabled(), true, 'the same name');
    await dialog.getByLabel('New name').fill('viewOfMore');
    await page.keyboard.press('Enter');
    await dialog.getByRole('alert').waitFor();
    assert.deepEqual(await violations(page), [], 'accessibility');
    await picture('view-rename');
    await dialog.getByLabel('New name').fill('viewAfter');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'viewAfter' }).waitFor();
    assert.match(page.url(), /\/search\/viewAfter$/);
    assert.deepEqual((await call('GET', `${api}/search/view`)).result.map(view => view.name).filter(name => /^view(Before|After)/.test(name)), ['viewAfter']);
  });

  await step('views: one is dropped once its name is typed', async () => {
    await page.getByRole('button', { name: 'Drop view' }).click();
    const act = dialog.getByRole('button', { name: 'Drop view' });
    assert.equal(await act.isDisabled(), true);
    await page.keyboard.type('viewAfter');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/search$/);
    assert.ok(!(await call('GET', `${api}/search/view`)).result.some(view => view.name === 'viewAfter'));
  });
};
