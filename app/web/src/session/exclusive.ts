import { uuid } from '@/lib/uuid'

const LEASE = 20_000
const SETTLE = 40
const AGAIN = 100

const pause = (time: number) => new Promise((resolve) => setTimeout(resolve, time))

function read(key: string): { owner: string; until: number } | undefined {
  try {
    const [owner, until] = (localStorage.getItem(key) ?? '').split(' ')
    return owner && until ? { owner, until: Number(until) } : undefined
  } catch {
    return undefined
  }
}
function write(key: string, value: string | undefined) {
  try {
    if (value === undefined) localStorage.removeItem(key)
    else localStorage.setItem(key, value)
    return true
  } catch {
    return false
  }
}

/** Takes turns by a note that all tabs see. Two that write at the same moment see after a while whose is there. */
async function byNote<T>(name: string, run: () => Promise<T>): Promise<T> {
  const key = `dv.lock.${name}`
  const me = uuid()
  for (;;) {
    const held = read(key)
    if (held && held.until > Date.now()) await pause(AGAIN)
    // Storage may be forbidden: then there is no way to take turns.
    else if (!write(key, `${me} ${Date.now() + LEASE}`)) return run()
    else {
      await pause(SETTLE)
      if (read(key)?.owner === me) break
    }
  }
  try {
    return await run()
  } finally {
    if (read(key)?.owner === me) write(key, undefined)
  }
}

/** Runs alone among all tabs of this browser. Web Locks are missing on plain http, where vaults in a home network live. */
export function exclusively<T>(name: string, run: () => Promise<T>): Promise<T> {
  if (navigator.locks) return navigator.locks.request(`docuvault.${name}`, run) as Promise<T>
  return byNote(name, run)
}
