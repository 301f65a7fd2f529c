// Serves dist as the vault will: under its policy, unknown addresses are the app's, /api is the vault's.
import { createReadStream, existsSync, statSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { extname, join, normalize } from 'node:path'

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
}
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; " +
  "worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

export async function serveApp(vaultPort) {
  const server = createServer((incoming, outgoing) => {
    if (incoming.url.startsWith('/api/')) return forward(incoming, outgoing, vaultPort)
    const path = normalize(decodeURIComponent(incoming.url.split('?')[0]))
    const file = join('dist', path)
    const found = existsSync(file) && statSync(file).isFile()
    if (!found && extname(path)) return outgoing.writeHead(404).end()
    const served = found ? file : 'dist/index.html'
    outgoing.writeHead(200, {
      'content-type': TYPES[extname(served)] ?? 'application/octet-stream',
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
      'cache-control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    })
    createReadStream(served).pipe(outgoing)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.closeAllConnections() ?? server.close() }
}

function forward(incoming, outgoing, port) {
  const headers = { ...incoming.headers, host: `127.0.0.1:${port}` }
  const upstream = request({ host: '127.0.0.1', port, path: incoming.url, method: incoming.method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode, answer.headers)
    answer.pipe(outgoing)
    answer.on('close', () => outgoing.destroy())
  })
  upstream.on('error', () => outgoing.destroy())
  outgoing.on('close', () => upstream.destroy())
  incoming.pipe(upstream)
}
