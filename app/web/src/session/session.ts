import { computed, shallowRef } from 'vue'
import type { SignedIn, User } from '@/api/types'
import { ApiProblem } from '@/api/problem'
import { csrfToken, logout, refresh } from './cookie'
import { exclusively } from './exclusive'
import { renewByCookie } from './renewal'
import { Tokens, type End, type News } from './tokens'

/** Who is signed in in this browser, as far as known: `unknown` while the vault cannot be asked. */
export const state = shallowRef<'unknown' | 'in' | 'out'>('unknown')
export const user = shallowRef<User>()
export const isAdmin = computed(() => user.value?.role === 'admin')

const channel = 'BroadcastChannel' in window ? new BroadcastChannel('docuvault.session') : undefined

const endings = new Set<(end: End) => void>()
/** Called when the session is over, however it came to that. */
export const onEnded = (run: (end: End) => void) => void endings.add(run)
const beginnings = new Set<(user: User) => void>()
/** Called with the person whenever the vault has told who it is. */
export const onGranted = (run: (user: User) => void) => void beginnings.add(run)

let last: string | undefined

export const tokens = new Tokens<User>({
  renew: () => renewByCookie(refresh),
  exclusively: (run) => exclusively('session', run),
  tell: (news) => channel?.postMessage(news),
  granted(person) {
    // In another tab somebody else has signed in: nothing of the one before may stay here.
    if (last && last !== person.id) {
      for (const run of endings) run('left')
      location.reload()
      return
    }
    last = person.id
    user.value = person
    state.value = 'in'
    for (const run of beginnings) run(person)
  },
  ended(end) {
    user.value = undefined
    state.value = 'out'
    if (end === 'left') last = undefined
    for (const run of endings) run(end)
  },
})
channel?.addEventListener('message', (event: MessageEvent<News<User>>) => tokens.hear(event.data))

/** Whether there may be a session: its cookie is for the vault's eyes only, the one beside it is for ours. */
export const mayBeSignedIn = () => csrfToken() !== undefined

async function begin() {
  if (!mayBeSignedIn()) {
    state.value = 'out'
    return
  }
  // Where the vault does not answer, the app opens all the same and goes on trying.
  await tokens.current().catch(() => {})
}

let begun: Promise<void> | undefined
/** Resolves when it is known who is signed in, or that it cannot be known now. */
export const started = () => (begun ??= begin())

export const signedIn = (answer: SignedIn) => tokens.take(answer)

/** The vault does not accept the session any more. */
export const lost = () => tokens.end('lost')

/** Signs out here and in all tabs. While the vault cannot be reached, nobody is signed out. */
export async function signOut() {
  await exclusively('session', async () => {
    const csrf = csrfToken()
    if (csrf) {
      await logout(csrf).catch((error: unknown) => {
        // Over already.
        if (!(error instanceof ApiProblem) || !['unauthenticated', 'session_revoked', 'csrf_failed'].includes(error.code)) throw error
      })
    }
    tokens.end('left')
  })
}

/** The account is no more, or all its sessions were ended: nothing is left to tell the vault. */
export const forget = () => tokens.end('left')

/** The person changed their account. */
export function renamed(person: User) {
  user.value = person
}
