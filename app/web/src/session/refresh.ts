import { ApiProblem } from '@/api/problem'
import { csrfToken } from './cookie'
import { sleep, readEntry, removeEntry, writeEntry } from './expiringStorage'

const STORAGE_KEY = 'dv.renewal'
/** An answer that takes longer does not come any more. */
const TIMEOUT = 5_000
const POLL_INTERVAL = 50

// Enough to see that it changes.
const fingerprint = (csrf = '') => csrf.slice(0, 8)

/**
 * Refreshes the session with its cookie, one refresh at a time. A page that is left meanwhile does not get
 * the answer, but the browser does, and changes the cookies. Until then the old one must not be sent again: the
 * server would take it for a stolen one, and end the session.
 */
export async function refreshWithCookie<T>(refresh: (csrf: string) => Promise<T>): Promise<T> {
  for (let pending = readEntry(STORAGE_KEY); pending && pending === fingerprint(csrfToken()); pending = readEntry(STORAGE_KEY)) await sleep(POLL_INTERVAL)
  const csrf = csrfToken()
  if (!csrf) throw new ApiProblem('unauthenticated', 401)
  writeEntry(STORAGE_KEY, fingerprint(csrf), TIMEOUT)
  // Requests of a page that is left fail at once in its own eyes.
  let left = false
  const leave = () => (left = true)
  addEventListener('beforeunload', leave)
  addEventListener('pagehide', leave)
  try {
    return await refresh(csrf)
  } finally {
    removeEventListener('beforeunload', leave)
    removeEventListener('pagehide', leave)
    if (!left) removeEntry(STORAGE_KEY)
  }
}
