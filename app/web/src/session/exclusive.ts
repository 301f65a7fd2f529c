import { uuid } from '@/lib/uuid'
import { pause, readNote, removeNote, writeNote } from './notes'

const LEASE = 20_000
const SETTLE = 40
const AGAIN = 100

/** Takes turns by a note that all tabs see. Two that write at the same moment see after a while whose is there. */
async function byNote<T>(name: string, run: () => Promise<T>): Promise<T> {
  const key = `dv.lock.${name}`
  const me = uuid()
  for (;;) {
    if (readNote(key)) await pause(AGAIN)
    // Storage may be forbidden: then there is no way to take turns.
    else if (!writeNote(key, me, LEASE)) return run()
    else {
      await pause(SETTLE)
      if (readNote(key) === me) break
    }
  }
  const release = () => readNote(key) === me && removeNote(key)
  // A page that is left runs nothing to its end.
  addEventListener('pagehide', release)
  try {
    return await run()
  } finally {
    removeEventListener('pagehide', release)
    release()
  }
}

/** Runs alone among all tabs of this browser. Web Locks are missing on plain http, where vaults in a home network live. */
export function exclusively<T>(name: string, run: () => Promise<T>): Promise<T> {
  if (navigator.locks) return navigator.locks.request(`docuvault.${name}`, run) as Promise<T>
  return byNote(name, run)
}
