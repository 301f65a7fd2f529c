import type { SignedIn } from '@/api/types'
import { jsonOf, send } from '@/api/http'

/** Somebody may be waiting for their turn. */
const PATIENCE = 15_000

/** The value that the vault wants to see with its cookie, as a proof that the page is its own. */
export function csrfToken(cookies = document.cookie): string | undefined {
  const found = cookies.split('; ').find((each) => each.startsWith('docuvault_csrf='))
  const value = found?.slice('docuvault_csrf='.length)
  return value ? decodeURIComponent(value) : undefined
}

// Goes on when the page is left, so that what the vault does with the cookie reaches the cookie.
const byCookie = <T>(path: string, csrf: string) =>
  jsonOf<T>(send(new Request(path, { method: 'POST', headers: { 'x-csrf-token': csrf }, keepalive: true, signal: AbortSignal.timeout(PATIENCE) })))

/** A new token, and a new cookie: the old one is used up. */
export const refresh = (csrf: string) => byCookie<SignedIn>('/api/auth/refresh', csrf)
export const logout = (csrf: string) => byCookie<void>('/api/auth/logout', csrf)
