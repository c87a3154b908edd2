// The samples on three regions of which one after the other is killed: whoever counts, plays or buys goes on elsewhere, and all is exact in the end.
// Run by with-demo.sh, which says where the demo is, its password and its log.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const { URL: home, PASSWORD: password, LOG: log } = process.env;
const samples = join(dirname(fileURLToPath(import.meta.url)), '../samples');
const run = promisify(execFile);
const say = text => console.log(`ok  ${text}`);

const setUp = async sample => (await run(join(samples, sample, 'setup.sh'), [home, password])).stdout.trim();
const token = await setUp('hitcounter');
await setUp('highscores');
await setUp('shop');

const api = (url, path, body) => fetch(`${url}/_fabric/_system/_api${path}`, {
  method: body ? 'POST' : 'GET',
  headers: { authorization: `bearer ${token}` },
  body: body && JSON.stringify(body),
});
const query = async (url, text) => (await (await api(url, '/cursor', { query: text })).json()).result;

async function eventually(what, isSo) {
  for (const end = Date.now() + 60_000; ; await pause(100)) {
    const last = await Promise.resolve().then(isSo).catch(error => error.message);
    if (last === true)
      return;
    assert.ok(Date.now() < end, `${what}: ${JSON.stringify(last)}`);
  }
}

const { result: { regions } } = await (await fetch(`${home}/_api/topology`, { headers: { authorization: `bearer ${token}` } })).json();
for (const region of regions) {
  await eventually(`${region.name} has the samples`, async () => (await query(region.url,
    'RETURN [LENGTH(stock), LENGTH(players), LENGTH(hits)]'))[0][0] === 2 && (await api(region.url, '/restql/user').then(answer => answer.json())).result.some(saved => saved.name === 'showCart'));
}
say(`the samples are in ${regions.map(region => region.name).join(', ')}`);

/** The function as it runs in a region: that one is the nearest, then come the others. */
async function functionIn(sample, nearestRegion) {
  const hosts = [nearestRegion, ...regions.filter(region => region !== nearestRegion)].map(region => new URL(region.url).host);
  Object.assign(process.env, { GEOFABRIC_HOSTS: hosts.join(), GEOFABRIC_TOKEN: token, GEOFABRIC_TLS: 'false' });
  const { handler } = await import(`${samples}/${sample}/lambda.mjs?${nearestRegion.name}`);
  // As the platform does with an event that failed: again, under the same id.
  return async event => {
    const context = { awsRequestId: randomUUID() };
    for (const end = Date.now() + 60_000; ; await pause(200)) {
      const { statusCode, headers, body } = await handler(event, context);
      if (statusCode !== 503)
        return { statusCode, session: headers['x-gf-session'], ...JSON.parse(body) };
      assert.ok(Date.now() < end, `${sample} is not served: ${body}`);
    }
  };
}

/** Kills a region's process, which the demo starts again after five seconds. */
function kill(name) {
  const ids = [...readFileSync(log, 'utf8').matchAll(new RegExp(`${name}.*?process (\\d+)`, 'g'))];
  process.kill(Number(ids.at(-1)[1]), 'SIGKILL');
  return eventually(`${name} is back`, async () =>
    [...readFileSync(log, 'utf8').matchAll(new RegExp(`${name}.*?process (\\d+)`, 'g'))].length > ids.length && (await fetch(`${regions.find(region => region.name === name).url}/health`)).status === 200);
}

/** Somebody in every region who acts as often, while a region is killed in the midst of it. */
async function play(sample, times, name, act) {
  const served = new Set();
  let done = 0;
  let killed;
  await Promise.all(regions.map(async region => {
    const invoke = await functionIn(sample, region);
    for (let i = 0; i < times; i++) {
      served.add(`${region.name} → ${await act(invoke, region, i)}`);
      if (++done === times)
        killed = kill(name);
    }
  }));
  assert.ok([...served].some(way => way.startsWith(`${name} →`) && !way.endsWith(name)), `somebody near ${name} is served elsewhere: ${[...served].join(', ')}`);
  await killed;
}

const everywhere = async (what, text, expected) => {
  for (const region of regions)
    await eventually(`${what} in ${region.name}`, async () => {
      const [found] = await query(region.url, text);
      return JSON.stringify(found) === JSON.stringify(expected) || found;
    });
  say(what);
};

await play('hitcounter', 100, 'eu-west', async invoke => (await invoke({ requestContext: { http: { sourceIp: '192.0.2.9' } } })).region);
await everywhere('300 hits count 300 in every region, though eu-west was killed meanwhile', 'RETURN DOCUMENT("hits/192.0.2.9").hits', 300);

const players = ['ann', 'bob', 'cleo'];
const scoreOf = (region, i) => (regions.indexOf(region) * 1_000) + ((i * 7_919) % 997);
await play('highscores', 100, 'ap-southeast', async (invoke, region, i) => {
  const answer = await invoke({ requestContext: { http: { method: 'POST' } }, body: JSON.stringify({ player: players[i % 3], score: scoreOf(region, i) }) });
  assert.equal(answer.statusCode, 200, answer.message);
  return answer.region;
});
const games = regions.flatMap(region => Array.from({ length: 100 }, (_, i) => ({ player: players[i % 3], score: scoreOf(region, i) })));
const expected = players.map(player => games.filter(game => game.player === player).map(game => game.score)).map(scores => [Math.max(...scores), scores.length, scores.reduce((a, b) => a + b)]);
await everywhere('300 games, their points and each player’s best are exact in every region, though ap-southeast was killed', 'RETURN (FOR p IN players SORT p._key RETURN [p.best, p.games, p.points])', expected);
const { top } = await (await functionIn('highscores', regions[1]))({});
assert.deepEqual(top.map(entry => entry.best), expected.map(([best]) => best).sort((a, b) => b - a), 'the list of the best');

let sold = 0;
await play('shop', 20, 'us-east', async (invoke, region, i) => {
  const user = `${region.name}-${i}`;
  const shop = (method, rawPath, body, session) => invoke({ requestContext: { http: { method } }, rawPath, body: JSON.stringify(body), headers: { 'x-gf-session': session } });
  const put = await shop('POST', '/cart', { user, product: 'umbrella' });
  assert.equal(put.statusCode, 200, put.message);
  const bought = await shop('POST', '/buy', { user, product: 'umbrella' }, put.session);
  assert.ok([200, 409].includes(bought.statusCode), bought.message);
  sold += bought.statusCode === 200 ? 1 : 0;
  return put.region;
});
assert.equal(sold, 50, 'umbrellas sold');
await everywhere('60 buyers, 50 umbrellas: 50 are sold, none twice, though the region that decides was killed', 'RETURN [DOCUMENT("stock/umbrella").left, LENGTH(orders), SUM(FOR c IN carts RETURN c.items.umbrella)]', [0, 50, 10]);
