/** Where people go who came from nowhere. */
export const HOME = '/library'

/** Pages for people who are not signed in: after signing in nobody wants to be there. */
const OUTSIDE = /^\/(sign-in|register|setup|forgot|reset)(\/|$)/

const UNFIT = /[\u0000-\u0020\u007f-\u009f\\]/

/**
 * The place to go to after signing in. Only a path within this app is taken, so that nobody can be sent
 * elsewhere by a link: neither another host (`//host`, `/\host`, `https:`) nor a script (`javascript:`).
 */
export function safeNext(wanted: unknown): string {
  if (typeof wanted !== 'string' || !wanted.startsWith('/') || UNFIT.test(wanted)) return HOME
  let url: URL
  try {
    url = new URL(wanted, location.origin)
  } catch {
    return HOME
  }
  if (url.origin !== location.origin || url.username || url.password) return HOME
  // Dots are gone now: `/.//host` has become `//host`.
  if (wanted.startsWith('//') || url.pathname.startsWith('//') || url.pathname.startsWith('/api/')) return HOME
  if (url.pathname === '/' || OUTSIDE.test(url.pathname)) return HOME
  return url.pathname + url.search + url.hash
}
