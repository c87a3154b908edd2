// Makes docs/console.png, the picture in the README: the query editor with a result as a map. Needs URL and PASSWORD of a running server with no collection
// `stations`, such as: tests/with-server.sh node tests/console/picture.mjs
import { statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openBrowser, openPage, signIn } from './browser.mjs';
import { serve } from './serve.mjs';

const { URL: api, PASSWORD: password } = process.env;
const file = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../docs/console.png');
// Made up, at real places.
const cities = { Dublin: [53.35, -6.26], London: [51.51, -0.13], Paris: [48.86, 2.35], Madrid: [40.42, -3.7], Lisbon: [38.72, -9.14], Berlin: [52.52, 13.4], Vienna: [48.21, 16.37], Rome: [41.9, 12.5], Oslo: [59.91, 10.75], Stockholm: [59.33, 18.07], Warsaw: [52.23, 21.01], Athens: [37.98, 23.73], Helsinki: [60.17, 24.94], Zurich: [47.38, 8.54] };

const { address: server, stop } = await serve(api);
const { context, close } = await openBrowser({ viewport: { width: 1280, height: 800 } });
try {
  const { page } = await openPage(context, server);
  const token = await signIn(page, api, { password });
  const call = (address, body) => fetch(`${api}/_fabric/_system${address}`, { method: 'POST', headers: { authorization: `bearer ${token}` }, body: JSON.stringify(body) });
  await call('/collection', { name: 'stations' });
  const documents = Object.entries(cities).flatMap(([city, [lat, lon]], place) => Array.from({ length: 2 + ((place * 5) % 9) }, (_, index) => ({ city, station: `${city} ${index + 1}`, lat, lon, riders: 900 + ((place * 977 + index * 331) % 4100) })));
  await call('/cursor', { query: 'FOR one IN @documents INSERT one INTO stations', bindVars: { documents } });
  const text = ['FOR s IN stations', '  FILTER s.riders >= @least', '  COLLECT city = s.city, lat = s.lat, lon = s.lon', '    AGGREGATE stations = COUNT(1), riders = SUM(s.riders)', '  SORT riders DESC', '  RETURN { city, lat, lon, stations, riders }'].join('\n');
  await page.goto(`${server}/console/query#${new URLSearchParams({ q: text, b: JSON.stringify({ least: 1000 }) })}`);
  await page.locator('.cm-content').waitFor();
  // The first run of a server compiles as it goes; what is shown is how it runs from then on.
  for (let run = 0; run < 20; run++) {
    await page.getByRole('button', { name: 'Execute', exact: true }).click();
    await page.waitForTimeout(100);
    await page.getByRole('tab', { name: 'Map' }).waitFor();
  }
  await page.getByRole('tab', { name: 'Map' }).click();
  await page.waitForTimeout(1500);
  await page.screenshot({ path: file });
  console.log(`${path.relative(process.cwd(), file)}: ${Math.round(statSync(file).size / 1000)} kB`);
} finally {
  await close();
  stop();
}
