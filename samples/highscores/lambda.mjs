// A Lambda function behind an HTTP endpoint: POST {player, score} enters a game, GET answers with the ten best players.
// ../nearest.mjs says how it finds its saved queries, and by which variables it is told where.
import { randomUUID } from 'node:crypto';
import { nearest, reply } from '../nearest.mjs';

const call = nearest(process.env);

/** The Lambda entry point: an event of an HTTP API or of a function URL. When the platform tries an invocation again, its id stays. */
export async function handler(event = {}, { awsRequestId = randomUUID() } = {}) {
  try {
    const isGame = event.requestContext?.http?.method === 'POST';
    const { player, score } = isGame ? JSON.parse(event.body) : {};
    const { status, region, answer } = await (isGame ? call('addScore', { player, score }, awsRequestId) : call('topScores', {}, awsRequestId));
    if (status >= 400)
      return reply(status, { message: answer.errorMessage });
    return reply(200, isGame ? { player, ...answer.result[0], region } : { top: answer.result, region });
  } catch (error) {
    return error instanceof SyntaxError ? reply(400, { message: error.message }) : reply(503, { message: error.message });
  }
}

// Run by hand: node lambda.mjs ann 4200 enters a game, node lambda.mjs shows the list
if (process.argv[1] === new URL(import.meta.url).pathname) {
  const [, , player, score] = process.argv;
  console.log(await handler(player ? { requestContext: { http: { method: 'POST' } }, body: JSON.stringify({ player, score: Number(score) }) } : {}));
}
