// A Lambda function behind an HTTP endpoint, a shop with carts and a shelf:
//   POST /cart {user, product, quantity}  puts something into a cart, in the nearest region
//   POST /buy  {user, product}            buys what is in the cart of it: all of it or nothing, and never more than there is
//   GET  /cart?user=U                     shows a cart
// An answer has a header x-gf-session; whoever sends it back sees what it did before, in whichever region it is by then.
// ../nearest.mjs says how the function finds its saved queries, and by which variables it is told where.
import { randomUUID } from 'node:crypto';
import { nearest, reply } from '../nearest.mjs';

const call = nearest(process.env);

const routes = {
  'POST /cart': ({ user, product, quantity = 1 }) => ['addToCart', { user, product, quantity }, items => [200, { items }]],
  'POST /buy': ({ user, product }) => ['buy', { user, product }, bought => bought ? [200, bought] : [409, { message: `there is not enough of ${product}, or none in the cart` }]],
  'GET /cart': ({ user }) => ['showCart', { user }, items => [200, { items: items ?? {} }]],
};

/** The Lambda entry point: an event of an HTTP API or of a function URL. When the platform tries an invocation again, its id stays. */
export async function handler(event = {}, { awsRequestId = randomUUID() } = {}) {
  const route = routes[`${event.requestContext?.http?.method} ${event.rawPath}`];
  if (!route)
    return reply(404, { message: `there is ${Object.keys(routes).join(', ')}` });
  try {
    const [query, bindVars, tell] = route(event.body ? JSON.parse(event.body) : event.queryStringParameters ?? {});
    // The shelf is far away for some: a purchase may take longer than a look.
    const { status, region, session, answer } = await call(query, bindVars, awsRequestId, { session: event.headers?.['x-gf-session'] ?? '', timeout: 5_000 });
    const [statusCode, body] = status < 400 ? tell(answer.result[0]) : [status, { message: answer.errorMessage }];
    const replied = reply(statusCode, { ...body, region });
    return { ...replied, headers: { ...replied.headers, 'x-gf-session': session } };
  } catch (error) {
    return error instanceof SyntaxError ? reply(400, { message: error.message }) : reply(503, { message: error.message });
  }
}
