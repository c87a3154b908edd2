// Three regions, a HAProxy before each and a PowerDNS before all: hits go on while the home fails, is killed and is lost with its HAProxy.
// Every region lives on its own loopback address, as DNS tells machines apart by address only.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import dns from 'node:dns';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { directory, endAll, eventually, freePorts, kill, run, start } from './processes.mjs';

const { GEOFABRIC_SERVER, PDNS_MODULES } = process.env;
const password = 'a-password-for-tests';
const root = fileURLToPath(new URL('../..', import.meta.url));
const regions = [{ name: 'us-east', address: '127.0.0.1' }, { name: 'eu-west', address: '127.0.0.2' }, { name: 'ap-south', address: '127.0.0.3' }];
const [home, next] = regions;
const [port, peerPort, frontPort, dnsPort] = await freePorts(4);
const served = 'geofabric.routing.test';
const base = '/_tenant/_mm/_fabric/_system';
const environment = { GEOFABRIC_ROOT_PASSWORD: password };
let token;

const server = (...args) => ['dotnet', [GEOFABRIC_SERVER, ...args], environment];
const region = (at, ...args) => run(...server('region', ...args, '--server', `http://${at.address}:${port}`));

function startServer({ name, address }) {
  const place = name === home.name ? ['--region', name] : ['--join', `${name}.join`];
  start(name, ...server('start', ...place, '--data', name, '--host', address, '--port', port, '--peer-host', address, '--peer-port', peerPort));
}

const startProxy = ({ name }) => start(`haproxy-${name}`, 'haproxy', ['-db', '-f', `haproxy-${name}.cfg`]);

const healthy = async ({ address }) => (await fetch(`http://${address}:${port}/health`)).status === 200;

async function call({ address }, path) {
  const answer = await fetch(`http://${address}:${port}${base}${path}`, { headers: { authorization: `bearer ${token}` } });
  return answer.json();
}

async function startAll() {
  startServer(home);
  await eventually('the home is healthy', () => healthy(home));
  for (const member of regions.slice(1)) {
    await region(home, 'add', member.name, '--out', `${member.name}.join`);
    startServer(member);
  }
  for (const member of regions)
    await eventually(`${member.name} is healthy`, () => healthy(member));
  token = await run(join(root, 'samples/hitcounter/setup.sh'), [`http://${home.address}:${port}`, password]);
  for (const member of regions)
    await eventually(`${member.name} has the query`, async () =>
      (await call(member, '/_api/restql/user')).result?.some(query => query.name === 'countHit') && (await call(member, '/_api/collection/hits')).name === 'hits');

  const render = (...args) => run(join(root, 'deploy/render.sh'), args, { HEALTH_SCHEME: 'http', DNS_LISTEN: `127.0.0.1:${dnsPort}`, NAME_SERVER: '127.0.0.1' });
  writeFileSync(join(directory, 'servers.txt'), regions.map(({ name, address }) => `${name} ${address} ${port}\n`).join(''));
  writeFileSync(join(directory, 'fronts.txt'), regions.map(({ name, address }) => `${name} ${address} ${frontPort}\n`).join(''));
  for (const member of regions) {
    writeFileSync(join(directory, `haproxy-${member.name}.cfg`), `${await render('haproxy', 'servers.txt', member.name, `${member.address}:${frontPort}`)}\n`);
    startProxy(member);
  }
  await render('powerdns', 'fronts.txt', 'routing.test', 'dns');
  start('pdns', 'pdns_server', ['--config-dir=dns', ...(PDNS_MODULES ? [`--module-dir=${PDNS_MODULES}`] : [])]);
}

// The function resolves the name as it always does; only that the resolver is PowerDNS itself.
const resolver = new dns.Resolver({ timeout: 1000, tries: 2 });
resolver.setServers([`127.0.0.1:${dnsPort}`]);
const systemLookup = dns.lookup;
dns.lookup = (name, options, done) => name !== served ? systemLookup(name, options, done) : resolver.resolve4(name, (error, addresses) => {
  const found = addresses?.map(address => ({ address, family: 4 }));
  done(error, options.all ? found : found?.[0].address, 4);
});
const resolved = () => new Promise((resolve, reject) => resolver.resolve4(served, (error, addresses) => error ? reject(error) : resolve(addresses.join())));

/** Somebody who visits on and on from one address. A visit that failed is tried again under its own id, as the platform does with a function's events. */
class Visitor {
  visits = 0;
  attempts = 0;
  regions = new Map();
  #isDone = false;

  constructor(name, ip) {
    this.name = name;
    this.ip = ip;
  }

  async arrive(host) {
    Object.assign(process.env, { GEOFABRIC_HOSTS: `${host}:${frontPort}`, GEOFABRIC_TOKEN: token, GEOFABRIC_TLS: 'false' });
    this.handler = (await import(`../../samples/hitcounter/lambda.mjs?${this.ip}`)).handler;
    this.ended = this.#visitAlways();
    this.ended.catch(() => { });
  }

  async #visitAlways() {
    while (!this.#isDone) {
      await this.visit();
      await pause(20);
    }
  }

  /** One visit, counted once whatever it takes. */
  async visit() {
    const event = { requestContext: { http: { sourceIp: this.ip } } };
    const context = { awsRequestId: randomUUID() };
    const end = Date.now() + 40_000;
    this.visits++;
    for (;;) {
      this.attempts++;
      const { statusCode, body } = await this.handler(event, context);
      const answer = JSON.parse(body);
      if (statusCode === 200) {
        this.regions.set(answer.region, (this.regions.get(answer.region) ?? 0) + 1);
        return answer.region;
      }
      if (statusCode !== 503 || Date.now() > end)
        throw new Error(`${this.name} is not served: ${statusCode} ${body}`);
      await pause(50);
    }
  }

  async leave() {
    this.#isDone = true;
    await this.ended;
  }
}

const byName = new Visitor('by name', '192.0.2.1');
const atHome = new Visitor('at the home', '192.0.2.2');
const visitors = [byName, atHome];
const say = text => console.log(`ok  ${text}`);
const failsBack = async () => {
  await eventually('the home takes its visitors back', async () => await atHome.visit() === home.name);
  await eventually('DNS names the home again', async () => await resolved() === home.address);
  await eventually('who comes by name is back at the home', async () => await byName.visit() === home.name);
};

async function runAll() {
  await startAll();
  await eventually('DNS names the home', async () => await resolved() === home.address);
  await byName.arrive(served);
  await atHome.arrive(home.address);
  await failsBack();
  say('three regions, a HAProxy before each and PowerDNS serve visitors from the home');

  await region(home, 'fail', home.name);
  assert.equal(await atHome.visit(), next.name);
  say('the home is out of service: the next visit lands on the next region');
  await eventually('DNS names the next region', async () => await resolved() === next.address);
  await eventually('who comes by name is at the next region', async () => await byName.visit() === next.name);
  say('DNS names the next region');
  await region(home, 'heal', home.name);
  await failsBack();
  say('healed: visitors are back at the home');

  await kill(home.name);
  assert.equal(await atHome.visit(), next.name);
  say("the home's server is killed: the next visit lands on the next region");
  startServer(home);
  await failsBack();
  say('started again: visitors are back at the home');

  await Promise.all([kill(home.name), kill(`haproxy-${home.name}`)]);
  await eventually('DNS names the next region', async () => await resolved() === next.address);
  await eventually('who comes by name is at the next region', async () => await byName.visit() === next.name);
  say('the home is lost with its HAProxy: DNS names the next region');
  startServer(home);
  startProxy(home);
  await failsBack();
  say('started again: visitors are back at the home');

  await Promise.all(visitors.map(visitor => visitor.leave()));
  for (const visitor of visitors) {
    for (const member of regions)
      await eventually(`${member.name} holds the ${visitor.visits} visits of ${visitor.ip}`, async () => {
        const { hits } = await call(member, `/_api/document/hits/${visitor.ip}`);
        assert.equal(hits, visitor.visits);
        return true;
      }, 20_000);
    const served = [...visitor.regions].map(([name, count]) => `${name} ${count}`).join(', ');
    say(`visitor ${visitor.name}: ${visitor.visits} visits in ${visitor.attempts} calls (${served}), and hits = ${visitor.visits} in all three regions`);
    assert.ok(visitor.regions.get(next.name) > 0 && visitor.regions.get(home.name) > 0);
  }
}

let isFailed = true;
for (const signal of ['SIGTERM', 'SIGINT'])
  process.on(signal, () => endAll(true).finally(() => process.exit(1)));
try {
  await runAll();
  isFailed = false;
  console.log('Routing works: nothing was counted twice, and nothing was lost.');
} catch (error) {
  console.log(`FAILED: ${error.stack}`);
} finally {
  await endAll(isFailed);
}
process.exit(isFailed ? 1 : 0);
