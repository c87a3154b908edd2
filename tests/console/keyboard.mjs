// Log in, go to the query page, run a query and open a result, without a mouse.
import assert from 'node:assert/strict';

export const keyboard = async ({ page, server, password, step, call }) => {
  await call('POST', '/_fabric/_system/collection', { name: 'keyboard' });
  const heading = page.getByRole('heading', { level: 1, name: /^Collections/ });

  await step('keyboard only: log in', async () => {
    await page.goto(`${server}/console/collections`);
    await page.getByLabel('Tenant').waitFor();
    const reach = async name => {
      for (let presses = 0; presses < 30; presses++) {
        const here = await page.evaluate(() => document.activeElement?.getAttribute('name') ?? '');
        if (here === name) return;
        await page.keyboard.press('Tab');
      }
      assert.fail(`Tab does not reach ${name}`);
    };
    await reach('password');
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await heading.waitFor();
  });
  await step('keyboard only: Ctrl+K to the query page, run, leave the editor', async () => {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: /^Search pages/ }).waitFor();
    await page.keyboard.type('query');
    await page.keyboard.press('Enter');
    await page.locator('.cm-content').waitFor();
    await page.waitForFunction(() => document.activeElement?.classList.contains('cm-content'));
    await page.keyboard.type('RETURN 6 * 7');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('gridcell', { name: '42' }).waitFor();
    // The editor waits two seconds for the Tab, and a busy machine may take longer; then the pair is pressed again.
    const isInEditor = () => page.evaluate(() => document.activeElement?.classList.contains('cm-content'));
    for (let tries = 0; tries < 5 && (await isInEditor()); tries++) {
      await page.keyboard.press('Escape');
      await page.keyboard.press('Tab');
    }
    assert.equal(await isInEditor(), false, 'Tab leaves the editor after Escape');
  });
  await step('keyboard only: ? lists the keys, g c goes to Collections, / to the filter', async () => {
    await page.evaluate(() => document.getElementById('page').focus());
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('g');
    await page.keyboard.press('c');
    await heading.waitFor();
    await page.getByRole('link', { name: 'keyboard', exact: true }).waitFor();
    // A page that has just come takes the focus once, which may be after the first press.
    const isInFilter = () => page.evaluate(() => document.activeElement?.hasAttribute('data-filter') ?? false);
    for (let tries = 0; tries < 20 && !(await isInFilter()); tries++) {
      await page.keyboard.press('/');
      await page.waitForTimeout(100);
    }
    assert.ok(await isInFilter(), '/ goes to the filter');
    await page.keyboard.type('addr');
    await page.waitForFunction(() => location.search.includes('filter=addr'));
  });
};
