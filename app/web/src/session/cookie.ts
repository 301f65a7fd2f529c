import type { SignedIn } from '@/api/types'
import { jsonOf, send } from '@/api/http'

/** Other tabs may be waiting for the lock. */
const TIMEOUT = 15_000

/** The CSRF token that the server expects with its cookie. */
export function csrfToken(cookies = document.cookie): string | undefined {
  const found = cookies.split('; ').find((each) => each.startsWith('docuvault_csrf='))
  const value = found?.slice('docuvault_csrf='.length)
  return value ? decodeURIComponent(value) : undefined
}

// `keepalive`: goes on when the page is left, so that the changed cookie arrives.
const postWithCsrf = <T>(path: string, csrf: string) =>
  jsonOf<T>(send(new Request(path, { method: 'POST', headers: { 'x-csrf-token': csrf }, keepalive: true, signal: AbortSignal.timeout(TIMEOUT) })))

/** A new token, and a new cookie: the old one is used up. */
export const refresh = (csrf: string) => postWithCsrf<SignedIn>('/api/auth/refresh', csrf)
export const logout = (csrf: string) => postWithCsrf<void>('/api/auth/logout', csrf)
