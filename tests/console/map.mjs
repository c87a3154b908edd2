// What the Global fabric page shows of a cluster that runs: a write on its way, with a cut and without.
import assert from 'node:assert/strict';

/** Pages that only a cluster fills; `map` leaves the document and its conflict behind. */
export const clusterAddresses = [
  ['/fabric?replay=start', '.replay'],
  ['/fabric/eu-west', '.region-panel .danger, .region-panel .button'],
  ['/fabric?conflicts=addresses%2Fshared', '.conflict-list'],
  ['/collections/addresses/documents/shared?panel=history', '.history'],
];

export const map = async ({ page, server, step, call, picture }) => {
  const { result } = await call('GET', '/_api/topology');
  const [near, far] = result.regions.filter(region => !region.isSelf);
  const prefix = '/_tenant/_mm/_fabric/_system/_api';
  const arrivals = page.locator('.arrivals tbody tr');
  const rowOf = name => arrivals.filter({ has: page.getByRole('rowheader', { name, exact: true }) });
  const linkOf = async (name, act) => {
    await page.goto(`${server}/console/fabric/${near.name}`);
    await page.getByRole('button', { name: act === 'cut' ? `Cut the link ${near.name} – ${name}` : `Restore the link ${near.name} – ${name}` }).click();
    await page.locator('.toasts').getByText(act === 'cut' ? 'is cut' : 'is restored').waitFor();
  };

  await step('a probe document spreads: every region says after how long at most it was there, on the map and in the list', async () => {
    await page.goto(`${server}/console/fabric?watch=addresses`);
    await page.getByRole('button', { name: 'Write here' }).click();
    await page.getByRole('status').getByText('all 3 regions have it').waitFor();
    for (const region of [near, far]) {
      const told = await rowOf(region.name).locator('td').nth(1).innerText();
      const milliseconds = Number(/≤ ([\d.]+) (m?s)/.exec(told)?.[1]) * (/ms/.test(told) ? 1 : 1000);
      const { delayMilliseconds } = result.links.find(link => link.from === result.self && link.to === region.name);
      assert.ok(delayMilliseconds > 0 && milliseconds >= delayMilliseconds && milliseconds < 20_000, `${region.name}: ${told}, what leaves for it takes ${delayMilliseconds} ms`);
      await page.getByRole('button', { name: new RegExp(`^${region.name}: .*≤ ${told.slice(2)}`) }).waitFor();
    }
    await picture('spread');
    const key = /addresses\/(\S+):/.exec(await page.getByRole('status').getByText('all 3 regions').innerText())[1];
    assert.ok((await call('GET', `${prefix}/document/addresses/${key}`)).spreadProbe, 'it is a document like any other');
    await page.getByRole('button', { name: 'Remove the probe document' }).click();
    await page.locator('.toasts').getByText(`${key} removed`).waitFor();
  });

  await step('a write of a document during a cut is not yet there, can be given up, and arrives when the link is back', async () => {
    await linkOf(result.self, 'cut');
    await linkOf(far.name, 'cut');
    await page.goto(`${server}/console/fabric?watch=addresses&key=spread-me`);
    await page.getByRole('button', { name: 'Write here' }).click();
    await rowOf(far.name).getByText('arrived', { exact: true }).waitFor();
    await rowOf(near.name).getByText('not yet', { exact: true }).waitFor();
    await page.getByRole('button', { name: new RegExp(`^${near.name}: .*not yet`) }).waitFor();
    await picture('spread-cut');
    await page.getByRole('button', { name: 'Cancel' }).click();
    assert.equal(await arrivals.count(), 0);
    await page.getByRole('button', { name: 'Write here' }).click();
    await rowOf(near.name).getByText('not yet', { exact: true }).waitFor();
    for (const [from, to] of [[result.self, near.name], [near.name, far.name], [far.name, near.name]])
      await call('PUT', `/_api/region/${from}/link/${to}`, { isCut: false }).catch(error => assert.match(String(error), /cannot be asked/));
    await page.getByRole('status').getByText('addresses/spread-me: all 3 regions have it').waitFor();
    await call('DELETE', `${prefix}/document/addresses/spread-me`);
  });

  await step('the history of a document names the region that wrote each attribute, and says whether the regions agree', async () => {
    const there = await callerOf(far);
    await call('POST', `${prefix}/document/addresses`, { _key: 'shared', name: 'Ada', city: 'London' });
    await until(() => there('GET', `${prefix}/document/addresses/shared`));
    await there('PATCH', `${prefix}/document/addresses/shared`, { city: 'Singapore' });
    await until(async () => assert.equal((await call('GET', `${prefix}/document/addresses/shared`)).city, 'Singapore'));
    await page.goto(`${server}/console/collections/addresses/documents/shared`);
    await page.getByRole('tab', { name: 'History' }).click();
    assert.match(page.url(), /panel=history/);
    await page.getByText('All regions have the same.').waitFor();
    const attributes = page.getByRole('region', { name: 'Who wrote each attribute last' });
    assert.match(await attributes.getByRole('row').filter({ hasText: 'city' }).innerText(), new RegExp(far.name));
    assert.match(await attributes.getByRole('row').filter({ hasText: 'name' }).innerText(), new RegExp(result.self));
    await page.getByText('set city').waitFor();
    await picture('history');
  });

  await step('a document that two regions change during a cut is on its way, then the same again, with the lost value kept', async () => {
    const there = await callerOf(far);
    await call('PUT', `/_api/region/${result.self}/link/${far.name}`, { isCut: true });
    await call('PUT', `/_api/region/${near.name}/link/${far.name}`, { isCut: true });
    await call('PATCH', `${prefix}/document/addresses/shared`, { city: 'Paris' });
    await there('PATCH', `${prefix}/document/addresses/shared`, { city: 'Tokyo' });
    await page.goto(`${server}/console/collections/addresses/documents/shared?panel=history`);
    await page.locator('.history').getByText(`${far.name}: cannot be asked now`).waitFor();
    await picture('history-cut');
    await call('PUT', `/_api/region/${near.name}/link/${far.name}`, { isCut: false });
    await call('PUT', `/_api/region/${result.self}/link/${far.name}`, { isCut: false });
    await until(async () => assert.equal((await call('GET', `${prefix}/document/addresses/shared`)).city, 'Tokyo'));
    await page.getByRole('button', { name: 'Compare again' }).click();
    await page.getByText('All regions have the same.').waitFor();
    await page.locator('.history').getByText(`city: what ${result.self} wrote lost against ${far.name}`).waitFor();
    await picture('history-conflict');
  });

  await step('the conflict is in the journal with both sides, found by filters, and its lost value is written back', async () => {
    await page.locator('.history').getByRole('link', { name: 'Both sides' }).click();
    const section = page.locator('#conflicts');
    await section.getByText('1 conflict', { exact: true }).waitFor();
    await section.getByLabel('Document').fill('');
    await section.getByLabel('Collection').selectOption('addresses');
    await section.getByLabel('Region of either side').selectOption(near.name);
    await section.getByText('None: nothing that fits was discarded.').waitFor();
    await section.getByLabel('Region of either side').selectOption(far.name);
    await section.getByLabel('Time').selectOption('hour');
    await section.locator('summary').filter({ hasText: 'addresses/shared' }).click();
    await section.getByText('the later write shows').waitFor();
    const row = section.getByRole('region', { name: 'Kept and lost value' }).getByRole('row').filter({ hasText: 'city' });
    assert.match(await row.innerText(), /city\s+Tokyo\s+Paris/);
    assert.match(page.url(), /conflictsIn=addresses.*conflictsOf=.*conflictsSince=hour.*conflict=/);
    await picture('conflict');
    await section.getByRole('button', { name: 'Write the lost value back' }).click();
    const dialog = page.getByRole('dialog');
    // Somebody else is faster: nothing is overwritten unseen.
    await call('PATCH', `${prefix}/document/addresses/shared`, { name: 'Grace' });
    await dialog.getByRole('button', { name: 'Write the lost value back' }).click();
    await dialog.getByRole('alert').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await page.reload();
    await section.getByText('written again since').waitFor();
    await section.getByRole('button', { name: 'Write the lost value back' }).click();
    await dialog.getByRole('button', { name: 'Write the lost value back' }).click();
    await page.locator('.toasts').getByText('has the lost value again').waitFor();
    await section.getByText('The document has this value now.').waitFor();
    const { city, name } = await call('GET', `${prefix}/document/addresses/shared`);
    assert.deepEqual({ city, name }, { city: 'Paris', name: 'Grace' });
    const there = await callerOf(far);
    await until(async () => assert.equal((await there('GET', `${prefix}/document/addresses/shared`)).city, 'Paris'));
    await section.getByRole('link', { name: 'As C8QL' }).click();
    await page.locator('.cm-content').getByText('_conflicts').waitFor();
  });

  await step('the last ten minutes are replayed: the cut is on the map again, by keys, and by itself', async () => {
    await page.goto(`${server}/console/fabric`);
    await page.getByRole('button', { name: 'Replay the last ten minutes' }).click();
    const replay = page.getByRole('group', { name: 'Replay of the last ten minutes' });
    const slider = replay.getByRole('slider', { name: 'Time' });
    await slider.waitFor();
    assert.equal(await page.locator('.fabric-map .map-link.cut').count(), 0);
    for (let events = 0; (await page.locator('.fabric-map .map-link.cut').count()) === 0; events++) {
      assert.ok(events < 200 && (await replay.getByRole('button', { name: 'Next event' }).isEnabled()), 'no event has the cut');
      await replay.getByRole('button', { name: 'Next event' }).click();
    }
    await replay.locator('.timeline').getByText(/was cut/).first().waitFor();
    await page.getByText('as it was in the replay').waitFor();
    await picture('replay');
    const shown = () => slider.getAttribute('aria-valuetext');
    const cut = await shown();
    const address = page.url();
    assert.match(address, /replay=20/);
    await page.reload();
    await page.locator('.fabric-map .map-link.cut').first().waitFor();
    await slider.focus();
    await page.keyboard.press('Home');
    await page.locator('.fabric-map .map-link.cut').first().waitFor({ state: 'detached' });
    assert.notEqual(await shown(), cut);
    const before = await shown();
    await page.keyboard.press('ArrowRight');
    await until(async () => assert.notEqual(await shown(), before));
    await replay.getByLabel('Speed').selectOption('10');
    // A short cut is shown for some frames only; whoever looks every half second may miss it.
    const hasCut = page.evaluate(
      () =>
        new Promise((resolve, reject) => {
          const watch = new MutationObserver(() => document.querySelector('.fabric-map .map-link.cut') && resolve());
          watch.observe(document.querySelector('.fabric-map'), { subtree: true, childList: true, attributes: true });
          setTimeout(() => reject(new Error('the cut was not played')), 60_000);
        }),
    );
    await replay.getByRole('button', { name: 'Play' }).click();
    await hasCut;
    await replay.getByRole('button', { name: 'Play' }).waitFor({ timeout: 90_000 });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.keyboard.press('Tab');
    await slider.focus();
    await page.keyboard.press('Home');
    const times = new Set();
    await replay.getByRole('button', { name: 'Play' }).click();
    for (const end = Date.now() + 3000; Date.now() < end; await page.waitForTimeout(50)) times.add(await shown());
    assert.ok(times.size > 1 && times.size <= 3, `without motion it goes by events, and went ${[...times].join(' | ')}`);
    await page.emulateMedia({ reducedMotion: null });
    await replay.getByRole('button', { name: 'Back to now' }).click();
    await page.getByText('as it was in the replay').waitFor({ state: 'detached' });
    assert.doesNotMatch(page.url(), /replay=/);
  });

  await step('the regions are compared, and what another region stores is checked', async () => {
    const section = page.locator('.verify');
    await section.getByRole('button', { name: 'Compare the regions' }).click();
    await section.getByText('All regions that answer have the same.').waitFor();
    const row = section.getByRole('row').filter({ has: page.getByRole('rowheader', { name: 'addresses', exact: true }) });
    assert.equal(await row.getByText('same', { exact: true }).count(), 2);
    await picture('verify');
    await section.getByLabel('Region to check').selectOption(far.name);
    await section.getByRole('button', { name: 'Check a region' }).click();
    await section.getByText(`Everything in ${far.name} agrees.`).waitFor();
    await section.getByRole('region', { name: 'Check a region' }).getByRole('rowheader', { name: 'Change log' }).waitFor();
  });

  await step('a group of regions is named, and cannot be named again', async () => {
    const section = page.locator('.groups');
    await section.getByRole('button', { name: 'Add group' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('both');
    assert.equal(await dialog.getByRole('button', { name: 'Add group' }).isDisabled(), true, 'a group without regions');
    for (const region of [near, far]) await dialog.getByLabel(region.name).check();
    await dialog.getByRole('button', { name: 'Add group' }).click();
    await section.getByText(`${near.name}, ${far.name}`).waitFor();
    assert.deepEqual((await call('GET', '/_api/region')).result.groups.both, [near.name, far.name]);
    await section.getByRole('button', { name: 'Add group' }).click();
    await dialog.getByLabel('Name').fill('both');
    await dialog.getByText('There is a group of this name').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });

  await step('another region becomes the home once its name is typed', async () => {
    await page.goto(`${server}/console/fabric/${near.name}`);
    await page.getByRole('button', { name: 'Make it the home' }).click();
    const dialog = page.getByRole('dialog', { name: `Make ${near.name} the home` });
    assert.equal(await dialog.getByRole('button', { name: 'Make it the home' }).isDisabled(), true);
    await picture('promote');
    await dialog.getByLabel(`Type ${near.name} to confirm`).fill(near.name);
    await dialog.getByRole('button', { name: 'Make it the home' }).click();
    await page.locator('.toasts').getByText(`${near.name} is the home now`).waitFor();
    await until(async () => assert.equal((await call('GET', '/_api/topology')).result.home, near.name));
    await until(() => call('POST', `/_api/region/${result.self}/promote`));
    await until(async () => assert.equal((await call('GET', '/_api/topology')).result.home, result.self));
  });
};

/** Calls another region at its own address. */
async function callerOf({ url }) {
  const { jwt } = await (await fetch(`${url.replace(/\/$/, '')}/_open/auth`, { method: 'POST', body: JSON.stringify({ tenant: '_mm', username: 'root', password: process.env.PASSWORD }) })).json();
  return async (method, address, body) => {
    const response = await fetch(url.replace(/\/$/, '') + address, { method, headers: { authorization: `bearer ${jwt}` }, body: body && JSON.stringify(body) });
    const answer = await response.json();
    assert.ok(response.ok, `${method} ${address}: ${JSON.stringify(answer)}`);
    return answer;
  };
}

/** Tries until it holds. */
async function until(act) {
  for (let attempts = 0; ; attempts++) {
    try {
      return await act();
    } catch (error) {
      if (attempts > 200) throw error;
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }
}
