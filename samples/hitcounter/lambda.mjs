// A Lambda function behind an HTTP endpoint: counts the visits of every IP address and answers with the count.
// ../nearest.mjs says how it finds the saved query "countHit", and by which variables it is told where.
import { randomUUID } from 'node:crypto';
import { nearest, reply } from '../nearest.mjs';

const call = nearest(process.env);

/** The Lambda entry point: an event of an HTTP API or of a function URL. When the platform tries an invocation again, its id stays. */
export async function handler(event = {}, { awsRequestId = randomUUID() } = {}) {
  const ip = event.requestContext?.http?.sourceIp ?? '127.0.0.1';
  try {
    const { status, region, answer } = await call('countHit', { ip }, awsRequestId);
    return status < 400 ? reply(200, { ip, hits: answer.result[0], region }) : reply(status, { message: answer.errorMessage });
  } catch (error) {
    return reply(503, { message: error.message });
  }
}

// Run by hand: node lambda.mjs 192.0.2.7
if (process.argv[1] === new URL(import.meta.url).pathname)
  console.log(await handler({ requestContext: { http: { sourceIp: process.argv[2] } } }));
