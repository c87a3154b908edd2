// Fabrics from the top bar: one is made and shown, by keys alone; refusals are said; it goes once its name is typed.
import assert from 'node:assert/strict';
import { violations } from './pages.mjs';

const name = 'madeByKeys';
const address = '/_fabric/_system/database';

export const fabrics = async ({ page, server, step, call, picture }) => {
  await call('DELETE', `${address}/${name}`).catch(() => undefined);
  const theSwitch = () => page.locator('.fabric-switch button[aria-haspopup]');
  const dialog = page.getByRole('dialog');
  const names = async () => (await call('GET', address)).result;

  await step('fabrics: the system fabric is not offered to be dropped', async () => {
    await page.goto(`${server}/console/collections`);
    await theSwitch().click();
    assert.equal(await page.getByRole('menuitem', { name: 'Drop _system' }).isDisabled(), true);
    await page.keyboard.press('Escape');
  });

  await step('fabrics: a name that may not be is refused in the dialog', async () => {
    await theSwitch().click();
    await page.getByRole('menuitem', { name: 'Add fabric' }).click();
    await dialog.getByLabel('Name').fill('9 lives');
    await page.keyboard.press('Enter');
    await dialog.getByText("'9 lives'").waitFor();
    assert.deepEqual(await violations(page), [], 'accessibility');
    await picture('fabric-refused');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  await step('fabrics: one is made by keys, and shown', async () => {
    await theSwitch().focus();
    await page.keyboard.press('Enter');
    await page.locator('[role=menuitemradio]:focus').waitFor();
    await page.keyboard.press('ArrowUp');
    await page.locator('[role=menuitem]:focus', { hasText: 'Add fabric' }).waitFor();
    await page.keyboard.press('Enter');
    await page.locator('dialog input:focus').waitFor();
    await page.keyboard.type(name);
    assert.deepEqual(await violations(page), [], 'accessibility');
    await picture('fabric-add');
    await page.keyboard.press('Enter');
    await theSwitch().filter({ hasText: name }).waitFor();
    assert.match(page.url(), new RegExp(`/collections\\?fabric=${name}$`));
    assert.ok((await names()).includes(name), 'the server has it');
    await theSwitch().click();
    await page.getByRole('menuitemradio', { name }).waitFor();
    await page.keyboard.press('Escape');
  });

  await step('fabrics: the name of one that is there is refused', async () => {
    await theSwitch().click();
    await page.getByRole('menuitem', { name: 'Add fabric' }).click();
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await dialog.getByRole('alert').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  await step('fabrics: dropping the present one asks for its name, and leads to _system', async () => {
    await call('POST', `/_fabric/${name}/collection`, { name: 'goesWithIt' });
    await theSwitch().click();
    await page.getByRole('menuitem', { name: `Drop ${name}` }).click();
    const drop = dialog.getByRole('button', { name: 'Drop fabric' });
    await page.locator('dialog input:focus').waitFor();
    assert.equal(await drop.isDisabled(), true, 'before the name is typed');
    await page.keyboard.type(name.slice(1));
    assert.equal(await drop.isDisabled(), true, 'with another name');
    assert.deepEqual(await violations(page), [], 'accessibility');
    await picture('fabric-drop');
    assert.ok((await names()).includes(name), 'nothing happens before');
    await dialog.getByRole('textbox').fill(name);
    await page.keyboard.press('Enter');
    await theSwitch().filter({ hasText: '_system' }).waitFor();
    assert.match(page.url(), /\/collections$/);
    assert.ok(!(await names()).includes(name), 'the server has it no more');
    await theSwitch().click();
    await page.getByRole('menuitemradio', { name: '_system' }).waitFor();
    assert.equal(await page.getByRole('menuitemradio', { name }).count(), 0);
    await page.keyboard.press('Escape');
  });
};
