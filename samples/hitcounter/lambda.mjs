// A Lambda function behind an HTTP endpoint: counts the visits of every IP address and answers with the count.
// It calls the RESTQL endpoint "countHit" of the nearest region, and of the next one when that fails:
//   GEOFABRIC_HOSTS  host:port of the regions, nearest first   (localhost:8529,localhost:8531)
//   GEOFABRIC_PATH   /_tenant/T/_fabric/F/restql/execute/countHit
//   GEOFABRIC_TOKEN  the token of /_open/auth, good in every region
//   GEOFABRIC_TLS    "false" for plain http on this machine
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';

const { GEOFABRIC_HOSTS = 'localhost:8529', GEOFABRIC_PATH = '/_tenant/_mm/_fabric/_system/restql/execute/countHit', GEOFABRIC_TOKEN = '', GEOFABRIC_TLS = 'true' } = process.env;
const hosts = GEOFABRIC_HOSTS.split(',');
const rounds = 3;
const timeout = 2_000;

function call(host, requestId, body) {
  const [hostname, port] = host.split(':');
  const isTls = GEOFABRIC_TLS !== 'false';
  const options = {
    hostname,
    port: port ?? (isTls ? 443 : 80),
    path: GEOFABRIC_PATH,
    method: 'POST',
    timeout,
    // The same id with every attempt: a hit counts once, even if a region counted it and its answer was lost.
    headers: { Authorization: `bearer ${GEOFABRIC_TOKEN}`, 'Content-Type': 'application/json', 'X-Request-Id': requestId },
  };
  return new Promise((resolve, reject) => {
    const request = (isTls ? https : http).request(options, response => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', chunk => { text += chunk; });
      response.on('end', () => resolve({ status: response.statusCode, region: response.headers['x-gdn-region'], text }));
      response.on('error', reject);
    });
    request.on('timeout', () => request.destroy(new Error(`${host} did not answer in time`)));
    request.on('error', reject);
    request.end(JSON.stringify(body));
  });
}

/** Asks region after region until one answers. What the caller did wrong (4xx) is the same everywhere. */
async function callAnyRegion(requestId, body) {
  let failure;
  for (let attempt = 0; attempt < rounds * hosts.length; attempt++) {
    try {
      const answer = await call(hosts[attempt % hosts.length], requestId, body);
      if (answer.status < 500)
        return answer;
      failure = new Error(`${hosts[attempt % hosts.length]} answered ${answer.status}`);
    } catch (error) {
      failure = error;
    }
    if ((attempt + 1) % hosts.length === 0)
      await pause(100);
  }
  throw failure;
}

/** The Lambda entry point: an event of an HTTP API or of a function URL. When the platform tries an invocation again, its id stays. */
export async function handler(event = {}, { awsRequestId = randomUUID() } = {}) {
  const ip = event.requestContext?.http?.sourceIp ?? '127.0.0.1';
  try {
    const { status, region, text } = await callAnyRegion(awsRequestId, { bindVars: { ip } });
    const answer = JSON.parse(text);
    if (status >= 400)
      return { statusCode: status, body: JSON.stringify({ message: answer.errorMessage }) };
    return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ ip, hits: answer.result[0], region }) };
  } catch (error) {
    return { statusCode: 503, body: JSON.stringify({ message: error.message }) };
  }
}

// Run by hand: node lambda.mjs 192.0.2.7
if (process.argv[1] === new URL(import.meta.url).pathname)
  console.log(await handler({ requestContext: { http: { sourceIp: process.argv[2] } } }));
