import { computed, shallowRef } from 'vue'
import type { SignedIn, User } from '@/api/types'
import { ApiProblem } from '@/api/problem'
import { csrfToken, logout, refresh } from './cookie'
import { withTabLock } from './tabLock'
import { refreshWithCookie } from './refresh'
import { AccessToken, type SessionEnd, type SessionMessage } from './accessToken'

/** Who is signed in in this browser, `unknown` while the server cannot be reached. */
export const sessionState = shallowRef<'unknown' | 'signed-in' | 'signed-out'>('unknown')
export const user = shallowRef<User>()
export const isAdmin = computed(() => user.value?.role === 'admin')

const channel = 'BroadcastChannel' in window ? new BroadcastChannel('docuvault.session') : undefined

const endListeners = new Set<(end: SessionEnd) => void>()
/** Called when the session is over, for whatever reason. */
export const onSessionEnd = (run: (end: SessionEnd) => void) => void endListeners.add(run)
const authenticatedListeners = new Set<(user: User) => void>()
/** Called with the account whenever a token was granted. */
export const onAuthenticated = (run: (user: User) => void) => void authenticatedListeners.add(run)

let lastUserId: string | undefined

export const accessToken = new AccessToken<User>({
  refresh: () => refreshWithCookie(refresh),
  exclusively: (run) => withTabLock('session', run),
  broadcast: (message) => channel?.postMessage(message),
  onGranted(person) {
    // Another account has signed in in another tab: no data of the one before may stay here.
    if (lastUserId && lastUserId !== person.id) {
      for (const run of endListeners) run('signed-out')
      location.reload()
      return
    }
    lastUserId = person.id
    user.value = person
    sessionState.value = 'signed-in'
    for (const run of authenticatedListeners) run(person)
  },
  onEnded(end) {
    user.value = undefined
    sessionState.value = 'signed-out'
    if (end === 'signed-out') lastUserId = undefined
    for (const run of endListeners) run(end)
  },
})
channel?.addEventListener('message', (event: MessageEvent<SessionMessage<User>>) => accessToken.receive(event.data))

/** Whether there may be a session: its cookie is hidden from scripts, the CSRF cookie beside it is not. */
export const mayHaveSession = () => csrfToken() !== undefined

async function restore() {
  if (!mayHaveSession()) {
    sessionState.value = 'signed-out'
    return
  }
  // If the server does not answer, the app opens all the same and keeps retrying.
  await accessToken.current().catch(() => {})
}

let restored: Promise<void> | undefined
/** Resolves when it is known who is signed in, or that it cannot be known now. */
export const restoreSession = () => (restored ??= restore())

export const startSession = (answer: SignedIn) => accessToken.accept(answer)

/** The server does not accept the session any more. */
export const expireSession = () => accessToken.end('expired')

/** Signs out here and in all tabs. Fails while the server cannot be reached. */
export async function signOut() {
  await withTabLock('session', async () => {
    const csrf = csrfToken()
    if (csrf) {
      await logout(csrf).catch((error: unknown) => {
        // Over already.
        if (!(error instanceof ApiProblem) || !['unauthenticated', 'session_revoked', 'csrf_failed'].includes(error.code)) throw error
      })
    }
    accessToken.end('signed-out')
  })
}

/** The account is no more, or all its sessions were ended: there is nothing to send to the server. */
export const clearSession = () => accessToken.end('signed-out')

/** The account was changed. */
export function updateUser(person: User) {
  user.value = person
}
