// Every page in both themes, on a desktop and on a phone: it shows, breaks no rule of accessibility (WCAG A and AA) and stays within the screen.
import assert from 'node:assert/strict';
import { axeSource } from './browser.mjs';

/** Address, and what must be on the page before it is looked at. */
export const addresses = [
  ['/dashboard', 'h1'],
  ['/collections', '[role=grid]'],
  ['/collections/addresses', '[role=grid]'],
  ['/collections/addresses?where=city~%3D%3D~Oslo&sort=-born', '.chip'],
  ['/collections/addresses/schema', 'table'],
  ['/collections/addresses/indexes', 'table'],
  ['/collections/addresses/settings', '.facts'],
  ['/collections/addresses/code', '.code-block'],
  ['/collections/addresses/import', '.drop-zone'],
  ['/collections/addresses/export', '.choices'],
  ['/query', '.cm-content'],
  ['/queries', '[role=tab]'],
  ['/queries/running', '[role=tab]'],
  ['/queries/slow', '[role=tab]'],
  ['/graphs', 'h1'],
  ['/search', 'h1'],
  ['/search?tab=analyzers', 'h1'],
  ['/fabric', 'h1'],
  ['/support/about', '.facts'],
  ['/nowhere', '.empty-state'],
];

export async function violations(page) {
  // The content policy refuses a script tag, so the checker comes in by the protocol.
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', { expression: axeSource() });
  const { result } = await session.send('Runtime.evaluate', {
    expression: `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], iframes: false }).then(found => JSON.stringify(found.violations.map(one => one.id + ': ' + one.help + ' at ' + one.nodes.slice(0, 3).map(node => node.target.join(' ') + ' ' + (node.any[0]?.message ?? '')).join(' | '))))`,
    awaitPromise: true,
    returnByValue: true,
  });
  await session.detach();
  return JSON.parse(result.value);
}

export const pages = async ({ page, server, step, picture, label, shown = addresses }) => {
  for (const [address, wanted] of shown)
    await step(`${label} ${address}`, async () => {
      await page.goto(`${server}/console${address}`);
      await page.locator(wanted).first().waitFor();
      await page.waitForFunction(() => !document.querySelector('main .busy'));
      const found = await violations(page);
      assert.deepEqual(found, [], 'accessibility');
      const wide = await page.evaluate(() => [document.documentElement, document.getElementById('page')].map(one => one.scrollWidth - one.clientWidth));
      assert.ok(Math.max(...wide) <= 0, `the page and its part beside the menu are ${wide.join(' and ')} pixels wider than their place`);
      assert.match(await page.title(), /GeoFabric$/);
      await picture(`${label}${address.replace(/[^a-z]+/gi, '-')}`);
    });
};
