// How the functions of these samples call a saved query: in the nearest region, and in the next one when that does not answer.
//   GEOFABRIC_HOSTS   host:port of the regions, nearest first   (localhost:8529,localhost:8531)
//   GEOFABRIC_FABRIC  /_tenant/T/_fabric/F
//   GEOFABRIC_TOKEN   the token of /_open/auth, good in every region
//   GEOFABRIC_TLS     "false" for plain http on this machine
import http from 'node:http';
import https from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';

const rounds = 3;

/** A function (query, bindVars, requestId, {session, timeout}) → {status, region, session, answer}; it throws when no region answered. */
export function nearest({ GEOFABRIC_HOSTS = 'localhost:8529', GEOFABRIC_FABRIC = '/_tenant/_mm/_fabric/_system', GEOFABRIC_TOKEN = '', GEOFABRIC_TLS = 'true' }) {
  const hosts = GEOFABRIC_HOSTS.split(',');
  const isTls = GEOFABRIC_TLS !== 'false';

  function callOne(host, query, bindVars, requestId, session, timeout) {
    const [hostname, port] = host.split(':');
    // The same id with every attempt: a write counts once, even if a region made it and its answer was lost.
    const headers = { Authorization: `bearer ${GEOFABRIC_TOKEN}`, 'Content-Type': 'application/json', 'X-Request-Id': requestId };
    // What the session has read and written, every region waits to have seen before it answers.
    if (session !== undefined)
      headers['X-GF-Session'] = session;
    const options = { hostname, port: port ?? (isTls ? 443 : 80), path: `${GEOFABRIC_FABRIC}/restql/execute/${query}`, method: 'POST', timeout, headers };
    return new Promise((resolve, reject) => {
      const request = (isTls ? https : http).request(options, response => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', chunk => { text += chunk; });
        response.on('end', () => resolve({ status: response.statusCode, region: response.headers['x-gdn-region'], session: response.headers['x-gf-session'], text }));
        response.on('error', reject);
      });
      request.on('timeout', () => request.destroy(new Error(`${host} did not answer in time`)));
      request.on('error', reject);
      request.end(JSON.stringify({ bindVars }));
    });
  }

  /** Asks region after region until one answers. What the caller did wrong (4xx) is the same everywhere. */
  return async (query, bindVars, requestId, { session, timeout = 2_000 } = {}) => {
    let failure;
    for (let attempt = 0; attempt < rounds * hosts.length; attempt++) {
      const host = hosts[attempt % hosts.length];
      try {
        const { text, ...answer } = await callOne(host, query, bindVars, requestId, session, timeout);
        if (answer.status < 500)
          return { ...answer, answer: JSON.parse(text) };
        failure = new Error(`${host} answered ${answer.status}`);
      } catch (error) {
        failure = error;
      }
      if ((attempt + 1) % hosts.length === 0)
        await pause(100);
    }
    throw failure;
  };
}

/** An answer of an HTTP API or of a function URL. */
export const reply = (statusCode, body) => ({ statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
