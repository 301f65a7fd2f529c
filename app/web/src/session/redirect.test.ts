import { describe, expect, it } from 'vitest'
import { HOME, safeRedirect } from './redirect'

const evil = [
  '//evil.example', '///evil.example', '////evil.example', '//evil.example/%2f..', '//evil.example@localhost', '//\tevil.example',
  '/\\evil.example', '\\\\evil.example', '\\/evil.example', '/\\/evil.example', '/\\\\evil.example', '/path\\evil', '\\evil.example',
  '/.//evil.example', '/..//evil.example', '/./..//evil.example', '/a/..//evil.example', '/%2e//evil.example', '/%2e%2e//evil.example', '/a/%2e%2e//evil',
  'https://evil.example', 'http://evil.example', 'HTTPS://evil.example', 'https:evil.example', 'https:/evil.example', 'http:\\\\evil.example',
  'javascript:alert(1)', 'JaVaScRiPt:alert(1)', ' javascript:alert(1)', 'java\nscript:alert(1)', '\u0001javascript:alert(1)', 'javascript://%0aalert(1)',
  'data:text/html,<script>', 'vbscript:x', 'blob:https://evil.example/1', 'file:///etc/passwd', 'ftp://evil.example', 'mailto:a@b.example', 'about:blank',
  '/\t/evil.example', '/\n/evil.example', '/\r/evil.example', '/\r\n/evil.example', '/\u0000/evil.example', '/\u0009/evil.example', '\t//evil.example',
  '/ /evil.example', ' //evil.example', ' /library', '/library\u007f', '/\u0085/evil.example', '/\u000b/evil.example', '/library\r\nSet-Cookie: a=b',
  'evil.example', 'library', './library', '../library', '?next=//evil.example', '#//evil.example', '@evil.example', ':80', '.evil.example', '',
  '/sign-in', '/sign-in?next=/sign-in', '/register', '/setup', '/forgot', '/reset#token=1', '/sign-in/', '/', '/./sign-in', '/a/../sign-in',
  '/api/documents', '/api/auth/oidc/start?return_to=//evil.example', '/./api/docs/',
]

describe('redirect after signing in', () => {
  it.each(evil)('refuses %j', (wanted) => {
    expect(safeRedirect(wanted)).toBe(HOME)
  })

  it.each([undefined, null, 1, {}, ['/library'], ['/trash', '//evil.example']])('refuses what is not a string: %j', (wanted) => {
    expect(safeRedirect(wanted)).toBe(HOME)
  })

  it.each([
    '/trash',
    '/library?topic=1&q=a%20b',
    '/library?q=https://evil.example',
    '/documents/0190?page=2#x',
    '/settings/two-step',
    '/admin/audit?from=2026-01-01',
    '/registered',
    '/%2F%2Fevil.example',
    '/library?q=%0d%0a',
  ])('keeps %j', (wanted) => {
    expect(safeRedirect(wanted)).toBe(wanted)
  })

  it('never leaves the origin', () => {
    for (const wanted of evil) expect(new URL(safeRedirect(wanted), location.origin).origin).toBe(location.origin)
  })
})
