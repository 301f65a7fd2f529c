import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { refreshWithCookie } from './refresh'

/** A page that is left: its request never resolves. */
const left = () => new Promise<never>(() => {})
const cookie = (value: string) => (document.cookie = `docuvault_csrf=${value}; path=/`)

describe('refresh with the session cookie', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 0 })
    localStorage.clear()
    cookie('first-token')
  })
  afterEach(() => void vi.useRealTimers())

  it('sends the CSRF token with each refresh', async () => {
    const shown: string[] = []
    const renew = async (csrf: string) => void shown.push(csrf)
    await refreshWithCookie(renew)
    await refreshWithCookie(renew)
    expect(shown).toEqual(['first-token', 'first-token'])
  })

  it('waits for the new cookie of a refresh whose page was left', async () => {
    void refreshWithCookie(left)
    await vi.advanceTimersByTimeAsync(0)
    const renew = vi.fn(async (csrf: string) => csrf)
    const next = refreshWithCookie(renew)
    await vi.advanceTimersByTimeAsync(2_000)
    expect(renew).not.toHaveBeenCalled()
    cookie('second-token')
    await vi.advanceTimersByTimeAsync(100)
    expect(await next).toBe('second-token')
  })

  it('waits even if the request failed while its page was left', async () => {
    const failed = refreshWithCookie(async () => {
      window.dispatchEvent(new Event('beforeunload'))
      throw new Error('left')
    })
    await expect(failed).rejects.toThrow('left')
    const renew = vi.fn(async () => {})
    void refreshWithCookie(renew)
    await vi.advanceTimersByTimeAsync(2_000)
    expect(renew).not.toHaveBeenCalled()
  })

  it('stops waiting after the timeout', async () => {
    void refreshWithCookie(left)
    await vi.advanceTimersByTimeAsync(0)
    const renew = vi.fn(async () => {})
    void refreshWithCookie(renew)
    await vi.advanceTimersByTimeAsync(6_000)
    expect(renew).toHaveBeenCalledWith('first-token')
  })

  it('allows the next refresh right after a failure', async () => {
    await expect(refreshWithCookie(() => Promise.reject(new Error('away')))).rejects.toThrow('away')
    const renew = vi.fn(async () => {})
    await refreshWithCookie(renew)
    expect(renew).toHaveBeenCalledOnce()
  })

  it('sends nothing without a session', async () => {
    document.cookie = 'docuvault_csrf=; path=/; max-age=0'
    const renew = vi.fn(async () => {})
    await expect(refreshWithCookie(renew)).rejects.toMatchObject({ code: 'unauthenticated' })
    expect(renew).not.toHaveBeenCalled()
  })
})
