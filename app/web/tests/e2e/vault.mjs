// A vault of its own for the tests: the real binary on a free port, with the settings of a stack that
// somebody else has started, or with an empty folder and nothing else.
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })

async function settings() {
  if (process.env.VAULT_SETTINGS) return { settings: JSON.parse(process.env.VAULT_SETTINGS), tidy: async () => {} }
  const folder = await mkdtemp(join(tmpdir(), 'docuvault-e2e-'))
  return {
    settings: { DOCUVAULT_DATA_DIR: folder, DOCUVAULT_METRICS_LISTEN: 'off' },
    tidy: () => rm(folder, { recursive: true, force: true }),
  }
}

export async function startVault(binary) {
  const stack = await settings()
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  let child

  /** Resolves once it says where it listens. */
  const start = () =>
    new Promise((resolve, reject) => {
      child = spawn(binary, ['serve', '--listen', `127.0.0.1:${port}`], {
        // What a killed vault has left undone is taken up by the next one soon.
        env: { ...stack.settings, DOCUVAULT_UPLOAD_LEASE_SECONDS: '3' },
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      child.stdout.on('data', (said) => String(said).includes('is listening on') && resolve())
      child.once('exit', (code) => reject(new Error(`The vault ended with ${code}`)))
    })
  const stop = () =>
    new Promise((resolve) => {
      child.removeAllListeners('exit')
      child.once('exit', resolve)
      child.kill('SIGKILL')
    })

  await start()
  const api = async (path, init) => (await fetch(`${url}/api${path}`, init)).json()
  return {
    url,
    start,
    stop,
    api,
    /** The first document with these words in its title, file name or sender. */
    find: async (words) => (await api(`/documents?q=${encodeURIComponent(words)}`)).items[0],
    /** Hands in a text behind the browser's back. */
    add(name, content) {
      const body = new FormData()
      body.append('file', new Blob([content]), name)
      return api('/documents/upload', { method: 'POST', body })
    },
    async end() {
      await stop()
      await stack.tidy()
    },
  }
}
