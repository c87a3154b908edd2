// The dashboard: what is busy and slow now, how the caches do, what goes on in the background.
import assert from 'node:assert/strict';
import { violations } from './pages.mjs';

export const dashboard = async ({ page, server, step, picture, call }) => {
  const api = '/_fabric/_system/_api';
  const shows = (selector, text) => page.waitForFunction(([where, what]) => [...document.querySelectorAll(where)].some(one => one.textContent.includes(what)), [selector, text]);

  await step('the hottest collections come first, with rates that follow what is done', async () => {
    for (const name of ['dashBusy', 'dashIdle']) await call('POST', `${api}/collection`, { name });
    await page.goto(`${server}/console/dashboard`);
    await page.locator('[data-card=hottest] input').waitFor();
    // More than the parts before left of theirs in the last ten seconds.
    await call('POST', `${api}/cursor`, { query: 'FOR i IN 1..9000 INSERT { n: i } INTO dashBusy' });
    await call('POST', `${api}/document/dashIdle`, {});
    const row = page.locator('[data-card=hottest] tbody tr', { hasText: 'dashBusy' });
    await row.getByText('900/s').waitFor();
    assert.equal(await page.locator('[data-card=hottest] tbody tr').first().locator('a').textContent(), 'dashBusy');
    await picture('dashboard-hottest');
  });

  await step('their filter asks the server, and a name leads to the collection', async () => {
    const filter = page.locator('[data-card=hottest] input');
    await filter.fill('DASHIDLE');
    await page.waitForFunction(() => [...document.querySelectorAll('[data-card=hottest] tbody a')].map(one => one.textContent).join() === 'dashIdle');
    await filter.fill('no such name');
    await shows('[data-card=hottest] .hint', 'no such name');
    await filter.fill('');
    await call('POST', `${api}/document/dashIdle`, {});
    await page.locator('[data-card=hottest] a', { hasText: 'dashIdle' }).click();
    await page.waitForURL(/\/collections\/dashIdle$/);
  });

  await step('what was quiet for ten seconds leaves the list', async () => {
    await page.goto(`${server}/console/dashboard`);
    await page.locator('[data-card=hottest] input').fill('dashBusy');
    await shows('[data-card=hottest] .hint', 'dashBusy');
    for (const name of ['dashBusy', 'dashIdle']) await call('DELETE', `${api}/collection/${name}`);
  });

  await step('a query that runs for long shows while it runs, and leads to the editor; one that was slow stays', async () => {
    const { slowQueryThreshold } = await call('GET', `${api}/query/properties`);
    await call('PUT', `${api}/query/properties`, { slowQueryThreshold: 0.5 });
    const slow = call('POST', `${api}/cursor`, { query: 'RETURN SLEEP(4) || "dashSlow"' });
    await page.locator('[data-card=slow] li', { hasText: 'dashSlow' }).locator('.running-mark').waitFor();
    await slow;
    await page.waitForFunction(() => [...document.querySelectorAll('[data-card=slow] li')].some(one => one.textContent.includes('dashSlow') && !one.querySelector('.running-mark')));
    await picture('dashboard-slow');
    await page.locator('[data-card=slow] a', { hasText: 'dashSlow' }).click();
    await page.locator('.cm-content', { hasText: 'dashSlow' }).waitFor();
    await page.goto(`${server}/console/dashboard`);
    await page.locator('[data-card=slow] .card-links a').last().click();
    await page.waitForURL(/\/queries\/slow$/);
    await call('PUT', `${api}/query/properties`, { slowQueryThreshold });
    await call('DELETE', `${api}/query/slow`);
  });

  await step('cache hit rates are of what was asked in the span', async () => {
    await page.goto(`${server}/console/dashboard`);
    const plans = page.locator('[data-card=caches] tbody tr').first().locator('td');
    await plans.first().waitFor();
    const asked = Number((await plans.nth(1).textContent()).replace(/\D/g, ''));
    for (let i = 0; i < 20; i++) await call('POST', `${api}/cursor`, { query: 'RETURN "dashPlan"' });
    await page.waitForFunction(before => {
      const [rate, count] = [...document.querySelectorAll('[data-card=caches] tbody tr:first-child td')].map(one => one.textContent);
      return Number(count.replace(/\D/g, '')) >= before + 20 && /^\d+(\.\d)?%$/.test(rate);
    }, asked);
  });

  await step('an import shows with its share, and who cancels it has confirmed so', async () => {
    await call('POST', `${api}/collection`, { name: 'dashJobs' });
    await page.goto(`${server}/console/dashboard`);
    await call('POST', `${api}/import?collection=dashJobs&job=people&share=0.3`, {});
    const job = page.locator('[data-card=jobs] li', { hasText: 'dashJobs' });
    assert.equal(await job.locator('[role=progressbar]').getAttribute('aria-valuenow'), '30');
    await picture('dashboard-jobs');
    assert.deepEqual(await violations(page), [], 'accessibility with everything on it');
    // The job waits for its next part while somebody looks.
    await call('POST', `${api}/import?collection=dashJobs&job=people&share=0.3`, {});
    await job.locator('button').click();
    await call('POST', `${api}/import?collection=dashJobs&job=people&share=0.4`, {});
    await page.locator('dialog button[type=submit]').click();
    await job.waitFor({ state: 'detached' });
    await assert.rejects(call('POST', `${api}/import?collection=dashJobs&job=people&share=0.5`, {}), /has cancelled this import/);
  });

  await step("the console's own import is a job, and stops when that is cancelled", async () => {
    await page.goto(`${server}/console/collections/dashJobs/import`);
    const rows = Array.from({ length: 400_000 }, (_, i) => JSON.stringify({ n: i, text: `row number ${i} of a file that takes a while` }));
    await page.locator('input[type=file]').setInputFiles({ name: 'rows.jsonl', mimeType: 'application/jsonl', buffer: Buffer.from(rows.join('\n')) });
    await page.locator('main .button.primary').click();
    let job;
    while (!job) [job] = (await call('GET', `${api}/jobs`)).result.filter(one => one.kind === 'import' && one.share > 0);
    await call('DELETE', `${api}/jobs/${job.id}`);
    await shows('.error-box', 'has cancelled this import');
    const { count } = await call('GET', `${api}/collection/dashJobs/count`);
    assert.ok(count > 0 && count < rows.length, `${count} of ${rows.length} rows are stored`);
    await call('DELETE', `${api}/collection/dashJobs`);
  });

  await step('the disk says what is free, and how fast the data grows once that is known', async () => {
    await page.goto(`${server}/console/dashboard`);
    const facts = page.locator('[data-card=disk] dd');
    await facts.first().waitFor();
    assert.match(await facts.nth(1).textContent(), /^\d[\d.,]* [GMT]B of \d[\d.,]* [GT]B$/);
    const { result } = await call('GET', '/_api/metrics/history');
    const seconds = (result.samples.at(-1).at - result.samples[0].at) / 1000;
    const growth = await facts.nth(2).textContent();
    assert.equal(/measured over \d+ minutes?$/.test(growth), seconds > 62 || (seconds > 58 && !/not measured/.test(growth)), `${growth} after ${seconds} s`);
    await page.goto(`${server}/console/dashboard?span=1h`);
    await shows('[data-card=disk] dd', 'not measured for long enough yet');
    assert.equal(await page.locator('.forecast').count(), 0);
  });
};
