// A Lambda function that answers with the address book: it calls the RESTQL endpoint "showAddresses" of a GeoFabric server.
// Host, path and token are kept apart, as the function's environment gives them:
//   GEOFABRIC_HOST   host:port of the server           (localhost:8529)
//   GEOFABRIC_PATH   /_tenant/T/_fabric/F/restql/execute/NAME
//   GEOFABRIC_TOKEN  the token of /_open/auth
//   GEOFABRIC_TLS    "false" for plain http on this machine
import http from 'node:http';
import https from 'node:https';

const { GEOFABRIC_HOST = 'localhost:8529', GEOFABRIC_PATH = '/_tenant/_mm/_fabric/_system/restql/execute/showAddresses', GEOFABRIC_TOKEN = '', GEOFABRIC_TLS = 'true' } = process.env;

function call(body) {
  const [hostname, port] = GEOFABRIC_HOST.split(':');
  const isTls = GEOFABRIC_TLS !== 'false';
  const options = {
    hostname,
    port: port ?? (isTls ? 443 : 80),
    path: GEOFABRIC_PATH,
    method: 'POST',
    headers: { Authorization: `bearer ${GEOFABRIC_TOKEN}`, 'Content-Type': 'application/json' },
  };
  return new Promise((resolve, reject) => {
    const request = (isTls ? https : http).request(options, response => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', chunk => { text += chunk; });
      response.on('end', () => resolve({ status: response.statusCode, text }));
    });
    request.on('error', reject);
    request.end(JSON.stringify(body));
  });
}

/** The Lambda entry point. The event may carry bindVars for the saved query. */
export async function handler(event = {}) {
  const { status, text } = await call({ bindVars: event.bindVars ?? {} });
  const answer = JSON.parse(text);
  if (status >= 400)
    return { statusCode: status, body: JSON.stringify({ message: answer.errorMessage }) };
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(answer.result) };
}

// Run by hand: node lambda.mjs
if (process.argv[1] === new URL(import.meta.url).pathname)
  console.log(await handler(process.argv[2] ? JSON.parse(process.argv[2]) : {}));
