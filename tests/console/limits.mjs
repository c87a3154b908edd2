// 5,000 collections and 50,000 documents: the page keeps a screen of rows, scrolls to the end and answers clicks.
import assert from 'node:assert/strict';

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
