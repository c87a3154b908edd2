// Serves the built console as the server does: with its content policy, deep links and the API behind it. For tests and for looking at pages.
import { randomBytes } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { fileURLToPath, URL } from 'node:url';

const dist = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../console-ui/dist');
const types = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.json': 'application/json', '.html': 'text/html; charset=utf-8' };

const policy = nonce =>
  `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`;

/** Starts on a port (0 for a free one) in front of an API; gives the address and how to stop. */
export function serve(api, port = 0) {
  const target = new URL(api);
  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    if (pathname !== '/console' && !pathname.startsWith('/console/')) return forward(target, request, response);
    const file = path.join(dist, pathname.slice('/console'.length));
    if (file.startsWith(dist) && existsSync(file) && statSync(file).isFile()) {
      const isSmall = existsSync(`${file}.br`) && /\bbr\b/.test(request.headers['accept-encoding'] ?? '');
      response.writeHead(200, { 'content-type': types[path.extname(file)] ?? 'application/octet-stream', 'cache-control': 'public, max-age=31536000, immutable', ...(isSmall && { 'content-encoding': 'br' }) });
      return createReadStream(isSmall ? `${file}.br` : file).pipe(response);
    }
    const nonce = randomBytes(16).toString('base64');
    response.writeHead(200, { 'content-type': types['.html'], 'content-security-policy': policy(nonce), 'cache-control': 'no-cache' });
    return response.end(readFileSync(path.join(dist, 'index.html'), 'utf8').replaceAll('__NONCE__', nonce));
  });
  return new Promise(resolve =>
    server.listen(port, '127.0.0.1', () =>
      resolve({
        address: `http://127.0.0.1:${server.address().port}`,
        stop: () => {
          server.closeAllConnections();
          server.close();
        },
      }),
    ),
  );
}

function forward(target, request, response) {
  const outgoing = http.request({ host: target.hostname, port: target.port, method: request.method, path: request.url, headers: request.headers }, answer => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  outgoing.on('error', () => response.writeHead(502).end());
  response.on('close', () => outgoing.destroy());
  request.pipe(outgoing);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { address } = await serve(process.env.URL ?? 'http://127.0.0.1:8760', Number(process.env.PORT ?? 8761));
  console.log(`${address}/console/`);
}
