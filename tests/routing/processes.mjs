// Processes of one run, in one temporary directory; all end with it.
import { spawn, execFile } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

export const directory = mkdtempSync(join(tmpdir(), 'geofabric-routing-'));
const running = new Map();

export function start(name, command, args, environment = {}) {
  const child = spawn(command, args, { cwd: directory, env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  const log = createWriteStream(join(directory, `${name}.log`), { flags: 'a' });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const ended = new Promise(resolve => { child.on('exit', resolve); child.on('error', resolve); });
  running.set(name, { child, ended });
}

/** The end that nothing can prepare for. */
export async function kill(name) {
  const { child, ended } = running.get(name);
  running.delete(name);
  child.kill('SIGKILL');
  await ended;
}

export async function run(command, args, environment = {}) {
  const { stdout } = await promisify(execFile)(command, args, { cwd: directory, env: { ...process.env, ...environment }, timeout: 60_000 });
  return stdout.trim();
}

/** Ports that are free now on all loopback addresses. */
export async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer());
  await Promise.all(servers.map(server => new Promise((resolve, reject) => server.on('error', reject).listen(0, '0.0.0.0', resolve))));
  const ports = servers.map(server => server.address().port);
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))));
  return ports;
}

/** Waits until something holds; says what never did. */
export async function eventually(what, test, milliseconds = 40_000) {
  const end = Date.now() + milliseconds;
  let last;
  while (Date.now() < end) {
    try {
      if (await test())
        return;
    } catch (error) {
      last = error;
    }
    await pause(100);
  }
  throw new Error(`never came true: ${what}${last ? ` (${last.message})` : ''}`);
}

export async function endAll(isFailed) {
  if (isFailed)
    for (const name of running.keys())
      console.log(`--- ${name}\n${readFileSync(join(directory, `${name}.log`), 'utf8').slice(-1000)}`);
  await Promise.all([...running.keys()].map(kill));
  rmSync(directory, { recursive: true, force: true });
}
