import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiProblem } from '@/api/problem'
import { AccessToken, type SessionEnd, type SessionMessage } from './accessToken'

interface Person {
  id: string
}
const ada: Person = { id: 'ada' }

/** A server that accepts a refresh token once, and a browser with tabs. */
function browser() {
  let cookie = 1
  let known = 1
  let turn: Promise<unknown> = Promise.resolve()
  const calls: number[] = []
  const tabs: { tokens: AccessToken<Person>; ends: SessionEnd[]; people: Person[] }[] = []
  let answer: () => Promise<void> = async () => {}

  async function refresh() {
    const sent = cookie
    calls.push(sent)
    await answer()
    if (sent !== known) throw new ApiProblem('session_revoked', 401)
    known += 1
    cookie = known
    return { access_token: `token-${known}`, expires_in: 900, user: ada }
  }
  function tab() {
    const ends: SessionEnd[] = []
    const people: Person[] = []
    const tokens: AccessToken<Person> = new AccessToken<Person>({
      refresh,
      exclusively: (run) => {
        const mine = turn.then(run, run)
        turn = mine.catch(() => {})
        return mine
      },
      broadcast: (message: SessionMessage<Person>) => {
        for (const other of tabs) if (other.tokens !== tokens) queueMicrotask(() => other.tokens.receive(message))
      },
      onGranted: (person) => people.push(person),
      onEnded: (end) => ends.push(end),
    })
    tabs.push({ tokens, ends, people })
    return tabs.at(-1)!
  }
  return { tab, calls, answerBy: (next: () => Promise<void>) => (answer = next), steal: () => (known += 1) }
}

describe('access token', () => {
  beforeEach(() => void vi.useFakeTimers({ now: 0 }))
  afterEach(() => void vi.useRealTimers())
  const settled = <T>(promise: Promise<T>) => vi.advanceTimersByTimeAsync(5).then(() => promise)

  it('refreshes once for concurrent requests', async () => {
    const { tab, calls } = browser()
    const { tokens, people } = tab()
    const all = await settled(Promise.all([tokens.current(), tokens.current(), tokens.current()]))
    expect(all).toEqual(['token-2', 'token-2', 'token-2'])
    expect(calls).toHaveLength(1)
    expect(people).toEqual([ada])
    expect(await tokens.current()).toBe('token-2')
    expect(calls).toHaveLength(1)
  })

  it('refreshes once for all tabs', async () => {
    const { tab, calls } = browser()
    const tabs = [tab(), tab(), tab()]
    const all = await settled(Promise.all(tabs.map(({ tokens }) => tokens.current())))
    expect(all).toEqual(['token-2', 'token-2', 'token-2'])
    expect(calls).toHaveLength(1)
    expect(tabs.map(({ ends }) => ends)).toEqual([[], [], []])
  })

  it('refreshes a rejected token once, and returns the new one to later callers', async () => {
    const { tab, calls } = browser()
    const { tokens } = tab()
    const first = await settled(tokens.current())
    expect(await settled(tokens.renewed(first))).toBe('token-3')
    // Somebody else who comes with the old one gets the new one, without asking the vault.
    expect(await tokens.renewed(first)).toBe('token-3')
    expect(calls).toHaveLength(2)
  })

  it('refreshes before the token expires', async () => {
    const { tab, calls } = browser()
    const { tokens } = tab()
    await settled(tokens.current())
    await vi.advanceTimersByTimeAsync(839_000)
    expect(calls).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(2_000)
    expect(calls).toHaveLength(2)
    expect(await tokens.current()).toBe('token-3')
  })

  it('keeps the old token while the server is unreachable, until it expires', async () => {
    const { tab, answerBy } = browser()
    const { tokens, ends } = tab()
    await settled(tokens.current())
    answerBy(() => Promise.reject(ApiProblem.unreachable()))
    await vi.advanceTimersByTimeAsync(870_000)
    expect(await settled(tokens.current())).toBe('token-2')
    await vi.advanceTimersByTimeAsync(60_000)
    await expect(settled(tokens.current().catch((error: unknown) => error))).resolves.toMatchObject({ code: 'unreachable' })
    expect(ends).toEqual([])
  })

  it('ends the session in all tabs when the refresh is rejected', async () => {
    const { tab, steal, calls } = browser()
    const one = tab()
    const other = tab()
    await settled(one.tokens.current())
    steal()
    const refused = await settled(one.tokens.renewed('token-2').catch((error: unknown) => error))
    expect(refused).toMatchObject({ code: 'session_revoked' })
    expect([one.ends, other.ends]).toEqual([['expired'], ['expired']])
    await expect(other.tokens.current()).rejects.toMatchObject({ code: 'unauthenticated' })
    expect(calls).toHaveLength(2)
  })

  it('signs all tabs out, and in again', async () => {
    const { tab } = browser()
    const one = tab()
    const other = tab()
    await settled(one.tokens.current())
    one.tokens.end('signed-out')
    await vi.advanceTimersByTimeAsync(1)
    expect([one.ends, other.ends]).toEqual([['signed-out'], ['signed-out']])
    other.tokens.accept({ access_token: 'new', expires_in: 900, user: ada })
    await vi.advanceTimersByTimeAsync(1)
    expect(await one.tokens.current()).toBe('new')
  })

  it('discards a token that arrives after signing out', async () => {
    const { tab, answerBy } = browser()
    const { tokens, people } = tab()
    answerBy(() => new Promise((resolve) => setTimeout(resolve, 100)))
    const late = tokens.current().catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(50)
    tokens.end('signed-out')
    await vi.advanceTimersByTimeAsync(100)
    expect(await late).toMatchObject({ code: 'unauthenticated' })
    expect(people).toEqual([])
  })

  it('does not refresh a token whose lifetime exceeds the longest timer', async () => {
    const { tab, calls } = browser()
    const { tokens } = tab()
    tokens.accept({ access_token: 'long', expires_in: 4_000_000, user: ada })
    await vi.advanceTimersByTimeAsync(1000)
    expect(calls).toHaveLength(0)
  })
})
