// Runs the shell blocks of the README in one shell, against URL with PASSWORD, and compares what they print with the blocks that follow them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const { URL: server, PASSWORD: password } = process.env;
assert.ok(server && password, 'set URL and PASSWORD');
const text = readFileSync(new globalThis.URL('../README.md', import.meta.url), 'utf8');
const blocks = [...text.matchAll(/^```(sh|text)\n(.*?)^```$/gms)].map(([, kind, body]) => ({ kind, body }));
const script = blocks.filter(block => block.kind === 'sh').map(block => block.body).join('')
  .replaceAll('http://127.0.0.1:8529', server).replaceAll('"password":"demo"', `"password":"${password}"`);
const expected = blocks.filter(block => block.kind === 'text').map(block => block.body).join('');
assert.ok(expected.length > 100, 'the README shows no output any more');

const printed = execFileSync('bash', ['-u'], { input: script, encoding: 'utf8' });

assert.equal(printed, expected);
console.log(`The README's ${blocks.length} blocks do what they say.`);
