// Import and export: a file with bad rows, what is told about them, and the way back out.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

export const files = async ({ page, server, step, call }) => {
  await step('import packed CSV: progress, what failed and why, a file of rejects', async () => {
    await call('POST', '/_fabric/_system/collection', { name: 'imported' });
    const lines = Array.from({ length: 3000 }, (_, index) => `k${index},"name, ${index}",${index}`);
    lines[7] = 'k7,too,many,fields';
    lines[2500] = 'k1,twice,1';
    await page.goto(`${server}/console/collections/imported/import`);
    await page.locator('input[type=file]').setInputFiles({ name: 'people.csv.gz', mimeType: 'application/gzip', buffer: gzipSync(`id,name,n\n${lines.join('\n')}\n`) });
    await page.getByRole('heading', { name: 'First 20 rows' }).waitFor();
    await page.getByLabel('Key from field').selectOption('id');
    await page.getByRole('button', { name: 'Import into imported' }).click();
    await page.getByText(/Imported: 2,998 written, 2 failed/).waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download the 2 rejects' }).click();
    const rejects = readFileSync(await (await download).path(), 'utf8').trim().split('\n').map(JSON.parse);
    assert.deepEqual(rejects.map(one => one.line).sort((a, b) => a - b), [8, 2501]);
    assert.match(rejects.map(one => one.problem).join(), /unique/);
  });

  await step('export as JSON lines and CSV: every document, in a file', async () => {
    await page.goto(`${server}/console/collections/imported/export`);
    for (const [format, check] of [
      ['jsonl', text => text.trim().split('\n').map(line => JSON.parse(line)._key)],
      ['csv', text => text.trim().split('\r\n').slice(1).map(line => line.split(',')[0])],
    ]) {
      await page.getByLabel('Format').selectOption(format);
      const download = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Export', exact: true }).click();
      const keys = check(readFileSync(await (await download).path(), 'utf8'));
      assert.equal(new Set(keys).size, 2998, format);
    }
  });

  await step('a document that changed meanwhile: both sides, and the merge', async () => {
    await page.goto(`${server}/console/collections/imported/documents/k0`);
    const drawer = page.getByRole('dialog');
    await drawer.locator('.cm-content').click();
    await page.keyboard.press('Control+End');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('End');
    await page.keyboard.type(',"mine": 1');
    await call('PATCH', '/_fabric/_system/document/imported/k0', { theirs: 2 });
    await drawer.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('dialog', { name: 'Somebody else changed k0' }).waitFor();
    await page.getByRole('button', { name: 'Save merged' }).click();
    await page.locator('.toasts').getByText('Saved k0').waitFor();
    const { mine, theirs } = await call('GET', '/_fabric/_system/document/imported/k0');
    assert.deepEqual({ mine, theirs }, { mine: 1, theirs: 2 });
  });

  await step('a session that ends asks in place and goes on', async () => {
    await page.goto(`${server}/console/collections`);
    await page.getByRole('grid').waitFor();
    let refused = 0;
    await page.route('**/collection?figures=true', route => (refused++ === 0 ? route.fulfill({ status: 401, json: { error: true, code: 401, errorNum: 11, errorMessage: 'the token is not valid' } }) : route.continue()));
    await page.getByRole('button', { name: 'Refresh' }).click();
    const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
    await dialog.getByLabel('Password', { exact: true }).fill(process.env.PASSWORD);
    await dialog.getByRole('button', { name: 'Log in' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'imported' }).waitFor();
    await page.unroute('**/collection?figures=true');
  });

  await step('a server that goes away is told of, and the page goes on by itself when it is back', async () => {
    await page.route('**/_api/**', route => route.abort());
    await page.route('**/_fabric/**', route => route.abort());
    await page.goto(`${server}/console/collections/imported`);
    await page.getByRole('alert').getByText(/cannot be reached/).first().waitFor();
    await page.unrouteAll({ behavior: 'wait' });
    await page.getByRole('grid').waitFor();
    assert.equal(await page.getByText(/cannot be reached/).count(), 0);
    await page.goto(`${server}/console/collections`);
  });

  await step('one request that is lost among others: the page goes on by itself', async () => {
    for (const lost of ['**/collection/imported/properties', '**/_fabric/_system/cursor']) {
      // Whether the others answer before or after it is chance, so it is lost several times.
      for (let round = 0; round < 4; round++) {
        let asked = 0;
        await page.route(lost, route => (asked++ === 0 ? route.abort() : route.continue()));
        await page.goto(`${server}/console/collections/imported`);
        await page.getByRole('grid').getByRole('link').first().waitFor();
        assert.ok(asked > 1, `${lost} was asked for ${asked} times`);
        await page.unrouteAll({ behavior: 'ignoreErrors' });
      }
    }
    await page.goto(`${server}/console/collections`);
  });

  await step('drop asks for the name', async () => {
    await page.getByRole('button', { name: 'Actions for imported' }).click();
    await page.getByRole('menuitem', { name: 'Drop' }).click();
    const dialog = page.getByRole('dialog');
    const drop = dialog.getByRole('button', { name: 'Drop', exact: true });
    assert.equal(await drop.isDisabled(), true);
    await dialog.getByLabel('Type imported to confirm').fill('imported');
    await drop.click();
    await page.getByRole('link', { name: 'imported' }).waitFor({ state: 'detached' });
  });
};
