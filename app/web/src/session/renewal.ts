import { ApiProblem } from '@/api/problem'
import { csrfToken } from './cookie'
import { pause, readNote, removeNote, writeNote } from './notes'

const NOTE = 'dv.renewal'
/** An answer that takes longer does not come any more. */
const PATIENCE = 5_000
const AGAIN = 50

// Enough to see that it changes.
const sign = (csrf = '') => csrf.slice(0, 8)

/**
 * Runs a renewal of the session by its cookie, one at a time. A page that is left meanwhile never hears the
 * answer, but the browser does, and changes the cookies. Until then the old one must not be shown: the vault
 * would take it for a stolen one, and end the session.
 */
export async function renewByCookie<T>(renew: (csrf: string) => Promise<T>): Promise<T> {
  for (let asked = readNote(NOTE); asked && asked === sign(csrfToken()); asked = readNote(NOTE)) await pause(AGAIN)
  const csrf = csrfToken()
  if (!csrf) throw new ApiProblem('unauthenticated', 401)
  writeNote(NOTE, sign(csrf), PATIENCE)
  // Requests of a page that is left fail at once in its own eyes.
  let left = false
  const leave = () => (left = true)
  addEventListener('beforeunload', leave)
  addEventListener('pagehide', leave)
  try {
    return await renew(csrf)
  } finally {
    removeEventListener('beforeunload', leave)
    removeEventListener('pagehide', leave)
    if (!left) removeNote(NOTE)
  }
}
