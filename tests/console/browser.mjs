// A headless Chromium whose pages note what must never happen: foreign requests, policy violations, errors.
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(path.join(path.dirname(fileURLToPath(import.meta.url)), '../../console-ui/package.json'));
const { chromium } = require('playwright-core');
export const axeSource = () => require('node:fs').readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

export const desktop = { width: 1400, height: 900 };
export const phone = { width: 390, height: 844 };

export async function openBrowser({ viewport = desktop, dark = false, ...rest } = {}) {
  const profile = mkdtempSync(path.join(tmpdir(), 'geofabric-console-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    viewport,
    locale: 'en-GB',
    colorScheme: dark ? 'dark' : 'light',
    acceptDownloads: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ...rest,
  });
  return {
    context,
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

/** Opens a page that keeps a list of everything that must not happen. */
export async function openPage(context, server) {
  const page = await context.newPage();
  const complaints = [];
  page.on('request', request => /^(data|blob):/.test(request.url()) || request.url().startsWith(server) || complaints.push(`request to ${request.url()}`));
  // Chromium logs refused requests by itself; the steps look at what the page says about them.
  page.on('console', message => message.type() === 'error' && !/Failed to load resource/.test(message.text()) && complaints.push(`console: ${message.text()}`));
  page.on('pageerror', error => complaints.push(`error: ${error.stack ?? error}`));
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', event => console.error(`policy: ${event.effectiveDirective} ${event.blockedURI} ${event.sample}`));
  });
  return { page, complaints };
}

/** Signs in by the API and puts the session where the console keeps it. */
export async function signIn(page, server, { tenant = '_mm', username = 'root', password }) {
  const response = await fetch(`${server}/_open/auth`, { method: 'POST', body: JSON.stringify({ tenant, username, password }) });
  const answer = await response.json();
  const kept = JSON.stringify({ tenant: answer.tenant, user: answer.username, token: answer.jwt, expires: Date.now() + 3_600_000 });
  await page.addInitScript(text => sessionStorage.getItem('geofabric.session') ?? sessionStorage.setItem('geofabric.session', text), kept);
  return answer.jwt;
}
