// A vault of its own for the tests: the real binary on a free port, with the settings of a stack that
// somebody else has started, or with an empty folder and nothing else.
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { startMail } from './mail.mjs'

/** The administrator of every vault here. */
export const owner = { handle: 'owner', email: 'owner@example.org', password: 'a quiet harbour at dawn' }

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
  const mail = await startMail()
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  let child
  let setupCode
  let token

  /** Resolves once it is ready. `changes`: other settings than usual, `undefined` for none at all. */
  const start = (changes = {}) =>
    new Promise((resolve, reject) => {
      child = spawn(binary, ['serve', '--listen', `127.0.0.1:${port}`], {
        env: {
          ...stack.settings,
          DOCUVAULT_ACCOUNTS__REGISTRATION: 'open',
          DOCUVAULT_URL: url,
          DOCUVAULT_MAIL__HOST: '127.0.0.1',
          DOCUVAULT_MAIL__PORT: String(mail.port),
          DOCUVAULT_MAIL__ENCRYPTION: 'none',
          DOCUVAULT_MAIL__FROM: 'DocuVault <vault@example.org>',
          // What a killed vault has left undone is taken up by the next one soon.
          DOCUVAULT_UPLOAD_LEASE_SECONDS: '3',
          ...changes,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      // Without a mail server, mails stand in the log.
      createInterface(child.stderr).on('line', (line) => line.includes('this mail stays here') && mail.take(line.replaceAll('\\n', '\n')))
      let said = ''
      child.stdout.on('data', (chunk) => {
        said += chunk
        setupCode ??= said.match(/^Setup code: (\S+)$/m)?.[1]
        if (/^Ready\.$/m.test(said)) resolve()
      })
      child.once('exit', (code) => reject(new Error(`The vault ended with ${code}`)))
    })
  const stop = () =>
    new Promise((resolve) => {
      child.removeAllListeners('exit')
      child.once('exit', resolve)
      child.kill('SIGKILL')
    })

  const json = (method, body) => ({ method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } })
  /** Asks as whoever has this token, or as nobody. */
  const call = (path, init = {}, bearer = undefined) =>
    fetch(`${url}/api${path}`, { ...init, headers: { ...init.headers, ...(bearer && { authorization: `Bearer ${bearer}` }) } })
  /** Asks as the owner, who signs in if need be. */
  async function request(path, init) {
    if (token) {
      const answer = await call(path, init, token)
      if (answer.status !== 401) return answer
    }
    const signedIn = await call('/auth/login', json('POST', { login: owner.handle, password: owner.password }))
    token = (await signedIn.json()).access_token
    return call(path, init, token)
  }
  const api = async (path, init) => (await request(path, init)).json()
  async function register(person, code) {
    const answer = await call('/auth/register', json('POST', { ...person, setup_code: code }))
    if (!answer.ok) throw new Error(await answer.text())
    return person
  }

  await start()
  return {
    url,
    start,
    stop,
    json,
    call,
    request,
    api,
    setupCode: () => setupCode,
    /** Makes the first account, unless somebody has. */
    async haveOwner() {
      const { setup_required: missing } = await (await call('/auth/options')).json()
      if (missing) await register(owner, setupCode)
    },
    /** Makes an account for somebody. */
    person: (handle) => register({ handle, email: `${handle}@example.org`, password: 'a lantern over the water' }),
    nextLink: mail.nextLink,
    /** Whether mails stand in the log: asked of a vault without a mail server. */
    printsMail: async () => (await (await call('/auth/options')).json()).password_reset,
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
      mail.end()
      await stack.tidy()
    },
  }
}
