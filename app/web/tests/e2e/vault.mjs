// A vault of its own for the tests: the real binary on a free port with an empty folder.
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serveApp } from './serve.mjs'

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })

const withoutSettings = (env) => Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('DOCUVAULT_')))

export async function startVault(binary) {
  const folder = await mkdtemp(join(tmpdir(), 'docuvault-e2e-'))
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  let child

  async function start() {
    child = spawn(binary, ['serve'], {
      // Settings it does not know are errors to the vault, and ours are none of its own.
      env: { ...withoutSettings(process.env), DOCUVAULT_LISTEN: `127.0.0.1:${port}`, DOCUVAULT_METRICS_LISTEN: 'off', DOCUVAULT_DATA_DIR: folder },
      stdio: 'ignore',
    })
    for (let tries = 0; tries < 100; tries += 1) {
      const ready = await fetch(`${origin}/health/ready`).then((answer) => answer.ok, () => false)
      if (ready) return
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    throw new Error('The vault did not start')
  }
  const stop = () =>
    new Promise((resolve) => {
      child.once('exit', resolve)
      child.kill('SIGKILL')
    })

  await start()
  const web = await serveApp(port)

  return {
    url: web.url,
    api: origin,
    start,
    stop,
    async end() {
      await stop()
      web.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
