// The vault behind something that keeps some of its answers for a while.
import { createServer, request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'

/** Answers of addresses that match `slow` come `delay` milliseconds late. */
export async function startSlow(vaultUrl, slow, delay) {
  const server = createServer((asked, answer) => {
    const { method, url: path, headers } = asked
    const passed = request(new URL(path, vaultUrl), { method, headers }, async (given) => {
      if (slow.test(path)) await pause(delay)
      answer.writeHead(given.statusCode, given.rawHeaders)
      given.pipe(answer)
    })
    answer.on('close', () => passed.destroy())
    passed.on('error', () => answer.destroy())
    asked.pipe(passed)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const end = () => {
    server.close()
    server.closeAllConnections()
  }
  return { url: `http://127.0.0.1:${server.address().port}`, end }
}
