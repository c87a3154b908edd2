// 5,000 collections and 50,000 documents: the page keeps a screen of rows, scrolls to the end and answers clicks.
import assert from 'node:assert/strict';
import { violations } from './pages.mjs';

const mostRows = 60;

export const limits = async ({ page, server, step, call }) => {
  const rows = () => page.locator('[role=grid] [role=row]').count();
  const scrollToEnd = () => page.locator('[role=grid]').evaluate(grid => (grid.scrollTop = grid.scrollHeight));

  await step('50,000 documents: a screen of rows, the last one by scrolling, order by a field', async () => {
    await call('POST', '/_fabric/_system/collection', { name: 'many' });
    await call('POST', '/_fabric/_system/cursor', { query: 'FOR i IN 1..50000 INSERT { _key: TO_STRING(100000 + i), n: i, text: CONCAT("row ", i) } INTO many' });
    await page.goto(`${server}/console/collections/many`);
    await page.getByText(/^50,000 documents/).waitFor();
    await page.getByRole('link', { name: '100001', exact: true }).waitFor();
    assert.ok((await rows()) <= mostRows, `${await rows()} rows are in the page`);
    await scrollToEnd();
    await page.getByRole('link', { name: '150000', exact: true }).waitFor();
    assert.ok((await rows()) <= mostRows, `${await rows()} rows are in the page`);
    await page.getByRole('button', { name: /^n\b/ }).click();
    await page.waitForFunction(() => location.search.includes('sort=n'));
    await page.getByRole('gridcell', { name: 'row 50000', exact: true }).or(page.getByRole('gridcell', { name: 'row 1', exact: true })).first().waitFor();
  });

  await step('chosen documents: an attribute of all of them is changed, and taken away', async () => {
    const many = async () => (await call('POST', '/_fabric/_system/cursor', { query: 'FOR d IN many FILTER d.place != null SORT d._key RETURN [d._key, d.place.city]' })).result;
    await page.goto(`${server}/console/collections/many`);
    const choose = async () => {
      await page.getByRole('checkbox', { name: 'Select 100001' }).check();
      await page.getByRole('checkbox', { name: 'Select 100003' }).check();
      await page.getByRole('button', { name: 'Change selected' }).click();
    };
    await choose();
    const dialog = page.getByRole('dialog', { name: 'Change 2 documents' });
    await dialog.getByLabel('Attribute', { exact: true }).fill('place.city');
    await dialog.getByLabel('New value').fill('Oslo');
    await dialog.getByRole('button', { name: 'Change 2' }).click();
    await page.getByText('2 documents changed').waitFor();
    assert.deepEqual(await many(), [['100001', 'Oslo'], ['100003', 'Oslo']]);
    await choose();
    await dialog.getByLabel('Attribute', { exact: true }).fill('place');
    await dialog.getByLabel('Take the attribute away').check();
    await dialog.getByRole('button', { name: 'Change 2' }).click();
    await dialog.waitFor({ state: 'detached' });
    assert.deepEqual(await many(), []);
  });

  await step('a document as a tree: a value changed by its field is saved', async () => {
    await page.goto(`${server}/console/collections/many/documents/100005`);
    const dialog = page.getByRole('dialog', { name: 'many/100005' });
    await dialog.getByRole('tab', { name: 'Attributes' }).click();
    await dialog.getByRole('textbox', { name: 'n', exact: true }).fill('7.5');
    await dialog.getByRole('textbox', { name: 'Name of a new attribute' }).fill('isOpen');
    await dialog.getByRole('button', { name: 'Add attribute' }).click();
    await dialog.getByLabel('Type of isOpen').selectOption('boolean');
    await dialog.getByRole('checkbox', { name: 'isOpen' }).check();
    assert.deepEqual(await violations(page), [], 'accessibility');
    await dialog.getByRole('tab', { name: 'Changes (2)' }).click();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('100005 saved').or(page.getByText(/saved/i)).first().waitFor();
    const { result } = await call('POST', '/_fabric/_system/cursor', { query: 'RETURN DOCUMENT("many/100005")' });
    assert.deepEqual([result[0].n, result[0].isOpen, result[0].text], [7.5, true, 'row 5']);
  });

  await step('5,000 collections: a screen of rows, and the filter finds one', async () => {
    // Making that many takes minutes, drawing them is what is asked; so the list is answered here.
    await page.route('**/collection?figures=true', async route => {
      const response = await route.fetch();
      const answer = await response.json();
      const [first] = answer.result;
      answer.result = Array.from({ length: 5000 }, (_, index) => ({ ...first, id: String(index), name: `collection${String(index).padStart(4, '0')}` }));
      await route.fulfill({ response, json: answer });
    });
    await page.goto(`${server}/console/collections`);
    await page.getByRole('link', { name: 'collection0000' }).waitFor();
    assert.ok((await rows()) <= mostRows, `${await rows()} rows are in the page`);
    await scrollToEnd();
    await page.getByRole('link', { name: 'collection4999' }).waitFor();
    await page.getByLabel('Filter collections').fill('2345');
    await page.getByRole('link', { name: 'collection2345' }).waitFor();
    assert.equal(await rows(), 2, 'the head and the one that fits');
    await page.unroute('**/collection?figures=true');
  });
};
