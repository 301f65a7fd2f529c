import { ApiProblem } from '@/api/problem'

/** What the vault grants: a token for `expires_in` seconds, and whose it is. */
export interface Grant<U> {
  access_token: string
  expires_in: number
  user: U
}

/** `left`: somebody signed out. `lost`: the vault does not accept the session any more. */
export type End = 'left' | 'lost'

/** What tabs tell each other. `until` is a time of this machine's clock, in milliseconds. */
export type News<U> = { kind: 'granted'; token: string; until: number; user: U } | { kind: 'ended'; end: End }

interface Parts<U> {
  /** Asks the vault for a new token by the cookie, which is used up by it. */
  renew: () => Promise<Grant<U>>
  /** Lets only one tab at a time run. */
  exclusively: <T>(run: () => Promise<T>) => Promise<T>
  tell: (news: News<U>) => void
  granted: (user: U) => void
  ended: (end: End) => void
  now?: () => number
}

/** A token with less time left than this is renewed; shorter lives keep a fifth. */
const MARGIN = 60_000
const LONGEST_TIMER = 2_147_483_647

const refused = (error: unknown) =>
  error instanceof ApiProblem && ['unauthenticated', 'session_revoked', 'csrf_failed'].includes(error.code)

/**
 * The access token, in memory only, and its renewal: once at a time in this tab and among all tabs,
 * because the vault takes a refresh token that comes twice for a stolen one.
 */
export class Tokens<U> {
  private token: { value: string; until: number; margin: number } | undefined
  private over = false
  private renewing: Promise<string> | undefined
  private timer: ReturnType<typeof setTimeout> | undefined
  private readonly now: () => number

  constructor(private readonly parts: Parts<U>) {
    this.now = parts.now ?? Date.now
  }

  /** A token that is good for a while. */
  async current(): Promise<string> {
    const token = this.token
    if (token && this.left(token) > token.margin) return token.value
    try {
      return await this.renewed(token?.value)
    } catch (error) {
      // The vault may be away for a moment: the old one still opens what it opens.
      if (token && this.token === token && this.left(token) > 0) return token.value
      throw error
    }
  }

  /** Another token than `stale`, which the vault did not accept. */
  renewed(stale: string | undefined): Promise<string> {
    if (this.over) return Promise.reject(new ApiProblem('unauthenticated', 401))
    if (this.token && this.token.value !== stale) return Promise.resolve(this.token.value)
    this.renewing ??= this.renew(stale).finally(() => (this.renewing = undefined))
    return this.renewing
  }

  /** Signed in: all tabs are. */
  take({ access_token, expires_in, user }: Grant<U>) {
    const until = this.now() + expires_in * 1000
    this.keep(access_token, until, user)
    this.parts.tell({ kind: 'granted', token: access_token, until, user })
  }

  /** Signed out: all tabs are. */
  end(end: End) {
    if (this.over) return
    this.drop(end)
    this.parts.tell({ kind: 'ended', end })
  }

  /** Another tab has news. */
  hear(news: News<U>) {
    if (news.kind === 'granted') this.keep(news.token, news.until, news.user)
    else if (!this.over) this.drop(news.end)
  }

  private renew(stale: string | undefined): Promise<string> {
    return this.parts.exclusively(async () => {
      // What the tab before has told may arrive a moment after its turn is over.
      await new Promise((resolve) => setTimeout(resolve))
      const known = this.another(stale)
      if (known) return known
      let grant: Grant<U>
      try {
        grant = await this.parts.renew()
      } catch (error) {
        if (refused(error)) {
          const meanwhile = this.another(stale)
          if (meanwhile) return meanwhile
          this.end('lost')
        }
        throw error
      }
      // Somebody signed out while the answer was on its way.
      if (this.over) throw new ApiProblem('unauthenticated', 401)
      this.take(grant)
      return grant.access_token
    })
  }

  private another(stale: string | undefined): string | undefined {
    if (this.over) throw new ApiProblem('unauthenticated', 401)
    return this.token && this.token.value !== stale ? this.token.value : undefined
  }

  private left({ until }: { until: number }) {
    return until - this.now()
  }

  private keep(value: string, until: number, user: U) {
    const life = until - this.now()
    this.over = false
    this.token = { value, until, margin: Math.min(MARGIN, life / 5) }
    clearTimeout(this.timer)
    const wait = Math.max(0, life - this.token.margin)
    this.timer = setTimeout(() => void this.current().catch(() => {}), Math.min(wait, LONGEST_TIMER))
    this.parts.granted(user)
  }

  private drop(end: End) {
    this.over = true
    this.token = undefined
    clearTimeout(this.timer)
    this.parts.ended(end)
  }
}
