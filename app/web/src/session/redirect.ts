/** The default page after signing in. */
export const HOME = '/library'

/** Pages for people who are not signed in. */
const PUBLIC_PAGES = /^\/(sign-in|register|setup|forgot|reset)(\/|$)/

const FORBIDDEN_CHARACTERS = /[\u0000-\u0020\u007f-\u009f\\]/

/**
 * Where to redirect after signing in. Only a path within this app is accepted, against open redirects: neither another host (`//host`, `/\host`, `https:`) nor a script (`javascript:`).
 */
export function safeRedirect(wanted: unknown): string {
  if (typeof wanted !== 'string' || !wanted.startsWith('/') || FORBIDDEN_CHARACTERS.test(wanted)) return HOME
  let url: URL
  try {
    url = new URL(wanted, location.origin)
  } catch {
    return HOME
  }
  if (url.origin !== location.origin || url.username || url.password) return HOME
  // Dots are gone now: `/.//host` has become `//host`.
  if (wanted.startsWith('//') || url.pathname.startsWith('//') || url.pathname.startsWith('/api/')) return HOME
  if (url.pathname === '/' || PUBLIC_PAGES.test(url.pathname)) return HOME
  return url.pathname + url.search + url.hash
}
