import { uuid } from '@/lib/uuid'
import { sleep, readEntry, removeEntry, writeEntry } from './expiringStorage'

const LEASE = 20_000
const SETTLE = 40
const POLL_INTERVAL = 100

/** A lock in local storage, which all tabs share. Two that write at the same moment see after `SETTLE` whose entry is there. */
async function withStorageLock<T>(name: string, run: () => Promise<T>): Promise<T> {
  const key = `dv.lock.${name}`
  const me = uuid()
  for (;;) {
    if (readEntry(key)) await sleep(POLL_INTERVAL)
    // Storage may be forbidden: then there is no lock.
    else if (!writeEntry(key, me, LEASE)) return run()
    else {
      await sleep(SETTLE)
      if (readEntry(key) === me) break
    }
  }
  const release = () => readEntry(key) === me && removeEntry(key)
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
export function withTabLock<T>(name: string, run: () => Promise<T>): Promise<T> {
  if (navigator.locks) return navigator.locks.request(`docuvault.${name}`, run) as Promise<T>
  return withStorageLock(name, run)
}
