import { ApiProblem } from '@/api/problem'

/** A token for `expires_in` seconds, and its account. */
export interface TokenGrant<U> {
  access_token: string
  expires_in: number
  user: U
}

/** `expired`: the server does not accept the session any more. */
export type SessionEnd = 'signed-out' | 'expired'

/** What tabs send each other. `until` is a time of this machine's clock, in milliseconds. */
export type SessionMessage<U> = { kind: 'granted'; token: string; until: number; user: U } | { kind: 'ended'; end: SessionEnd }

interface Dependencies<U> {
  /** Fetches a new token with the refresh cookie, which is valid once. */
  refresh: () => Promise<TokenGrant<U>>
  /** Lets only one tab at a time run. */
  exclusively: <T>(run: () => Promise<T>) => Promise<T>
  broadcast: (message: SessionMessage<U>) => void
  onGranted: (user: U) => void
  onEnded: (end: SessionEnd) => void
  now?: () => number
}

/** A token with less time left than this is renewed; shorter lives keep a fifth. */
const REFRESH_MARGIN = 60_000
const MAX_TIMER = 2_147_483_647

const isRejected = (error: unknown) =>
  error instanceof ApiProblem && ['unauthenticated', 'session_revoked', 'csrf_failed'].includes(error.code)

/**
 * The access token, in memory only, and its renewal: once at a time in this tab and among all tabs,
 * because the server takes a refresh token that is used twice for a stolen one.
 */
export class AccessToken<U> {
  private token: { value: string; until: number; margin: number } | undefined
  private ended = false
  private renewing: Promise<string> | undefined
  private timer: ReturnType<typeof setTimeout> | undefined
  private readonly now: () => number

  constructor(private readonly dependencies: Dependencies<U>) {
    this.now = dependencies.now ?? Date.now
  }

  /** A token that is good for a while. */
  async current(): Promise<string> {
    const token = this.token
    if (token && this.remaining(token) > token.margin) return token.value
    try {
      return await this.renewed(token?.value)
    } catch (error) {
      // The server may be unreachable for a moment: the old one is still valid.
      if (token && this.token === token && this.remaining(token) > 0) return token.value
      throw error
    }
  }

  /** Another token than `stale`, which the server did not accept. */
  renewed(stale: string | undefined): Promise<string> {
    if (this.ended) return Promise.reject(new ApiProblem('unauthenticated', 401))
    if (this.token && this.token.value !== stale) return Promise.resolve(this.token.value)
    this.renewing ??= this.renew(stale).finally(() => (this.renewing = undefined))
    return this.renewing
  }

  /** Signed in: all tabs are. */
  accept({ access_token, expires_in, user }: TokenGrant<U>) {
    const until = this.now() + expires_in * 1000
    this.store(access_token, until, user)
    this.dependencies.broadcast({ kind: 'granted', token: access_token, until, user })
  }

  /** Signed out: all tabs are. */
  end(end: SessionEnd) {
    if (this.ended) return
    this.clear(end)
    this.dependencies.broadcast({ kind: 'ended', end })
  }

  receive(message: SessionMessage<U>) {
    if (message.kind === 'granted') this.store(message.token, message.until, message.user)
    else if (!this.ended) this.clear(message.end)
  }

  private renew(stale: string | undefined): Promise<string> {
    return this.dependencies.exclusively(async () => {
      // The message of the tab that had the lock may arrive a moment after its release.
      await new Promise((resolve) => setTimeout(resolve))
      const known = this.newerThan(stale)
      if (known) return known
      let grant: TokenGrant<U>
      try {
        grant = await this.dependencies.refresh()
      } catch (error) {
        if (isRejected(error)) {
          const meanwhile = this.newerThan(stale)
          if (meanwhile) return meanwhile
          this.end('expired')
        }
        throw error
      }
      // Somebody signed out while the answer was on its way.
      if (this.ended) throw new ApiProblem('unauthenticated', 401)
      this.accept(grant)
      return grant.access_token
    })
  }

  private newerThan(stale: string | undefined): string | undefined {
    if (this.ended) throw new ApiProblem('unauthenticated', 401)
    return this.token && this.token.value !== stale ? this.token.value : undefined
  }

  private remaining({ until }: { until: number }) {
    return until - this.now()
  }

  private store(value: string, until: number, user: U) {
    const life = until - this.now()
    this.ended = false
    this.token = { value, until, margin: Math.min(REFRESH_MARGIN, life / 5) }
    clearTimeout(this.timer)
    const wait = Math.max(0, life - this.token.margin)
    this.timer = setTimeout(() => void this.current().catch(() => {}), Math.min(wait, MAX_TIMER))
    this.dependencies.onGranted(user)
  }

  private clear(end: SessionEnd) {
    this.ended = true
    this.token = undefined
    clearTimeout(this.timer)
    this.dependencies.onEnded(end)
  }
}
