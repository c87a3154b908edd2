// Indexes made by the dialog: the query that it says an index helps is planned with that very index.
import assert from 'node:assert/strict';
import { violations } from './pages.mjs';

const cases = [
  { type: 'persistent', fields: 'kind', binds: { kind: 'a' } },
  { type: 'mdi', fields: 'x, y', binds: { xFrom: 1, xTo: 3, yFrom: 1, yTo: 3 } },
  { type: 'mdi-prefixed', fields: 'x, y', more: { 'Equal fields': 'kind' }, binds: { kind: 'a', xFrom: 1, xTo: 3, yFrom: 1, yTo: 3 } },
  { type: 'vector', fields: 'near', more: { 'Numbers in a vector': '3', Lists: '2', 'Lists a query looks through': '2' }, binds: { vector: [1, 0, 0] } },
];

export const indexes = async ({ page, server, step, call, picture }) => {
  const api = '/_fabric/_system';
  await call('DELETE', `${api}/collection/indexed`).catch(() => undefined);
  await call('POST', `${api}/collection`, { name: 'indexed' });
  await call('POST', `${api}/cursor`, { query: 'FOR i IN 1..300 INSERT { kind: i % 2 ? "a" : "b", x: i % 17, y: i % 13, near: [i % 3, i % 5, i % 7] } INTO indexed' });

  for (const { type, fields, more = {}, binds } of cases)
    await step(`indexes: ${type}, and the query that it helps`, async () => {
      await page.goto(`${server}/console/collections/indexed/indexes`);
      await page.getByRole('button', { name: 'Add index' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Type').selectOption(type);
      await dialog.getByLabel('Fields', { exact: true }).fill(fields);
      await dialog.getByLabel('Name', { exact: true }).fill(`by_${type}`);
      for (const [label, value] of Object.entries(more)) await dialog.getByLabel(label, { exact: true }).fill(value);
      const query = await dialog.locator('.code-block', { hasText: 'It helps queries like' }).locator('pre').innerText();
      assert.deepEqual(await violations(page), [], 'accessibility');
      await picture(`index-${type}`);
      await dialog.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByRole('rowheader', { name: `by_${type}`, exact: true }).waitFor();
      const { plan } = await call('POST', `${api}/query/explain`, { query, bindVars: binds });
      assert.ok(JSON.stringify(plan.nodes).includes(`"by_${type}"`), `${query}\nis planned as ${plan.nodes.map(node => node.type)}`);
      await call('DELETE', `${api}/index/indexed/by_${type}`);
    });

  await step('indexes: unique is for collections of one region, and the dialog says so', async () => {
    await page.goto(`${server}/console/collections/indexed/indexes`);
    await page.getByRole('button', { name: 'Add index' }).click();
    assert.equal(await page.getByRole('dialog').getByLabel(/^Unique/).isDisabled(), true);
    await page.getByText('Only in collections of one region').waitFor();
  });
};
