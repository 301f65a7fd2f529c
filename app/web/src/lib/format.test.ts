import { describe, expect, it } from 'vitest'
import { formatDay, formatDuration, formatSize, formatWhen, regionalLocale } from './format'

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ')

describe('formats', () => {
  it('formats sizes in units of 1024', () => {
    expect(formatSize(631, 'en')).toBe('631 bytes')
    expect(formatSize(999 * 1024, 'en')).toBe('999 kB')
    expect(formatSize(1_000 * 1024, 'en')).toBe('1 MB')
    expect(formatSize(100 * 1024 ** 2, 'en')).toBe('100 MB')
    expect(plain(formatSize(2.4 * 1024 ** 2, 'de'))).toBe('2,4 MB')
    expect(formatSize(12.3 * 1024 ** 3, 'en')).toBe('12 GB')
  })

  it('formats times of the last day as relative, older ones as a date', () => {
    const now = Date.parse('2026-11-25T12:00:00Z')
    expect(formatWhen('2026-11-25T11:59:40Z', 'en', now)).toBe('now')
    expect(formatWhen('2026-11-25T11:40:00Z', 'en', now)).toBe('20 min. ago')
    expect(formatWhen('2026-11-25T09:30:00Z', 'de', now)).toBe('vor 2 Std.')
    expect(formatWhen('2026-11-23T12:00:00Z', 'en-GB', now)).toBe('23 Nov 2026')
  })

  it('formats a calendar day independent of the time zone', () => {
    expect(formatDay('2026-03-01', 'en-GB')).toBe('1 Mar 2026')
  })

  it('rounds durations to what matters', () => {
    expect([0.2, 42, 90, 5400].map((seconds) => plain(formatDuration(seconds, 'en')))).toEqual(['1 sec', '42 sec', '2 min', '1.5 hr'])
  })

  it('prefers the regional variant of the language', () => {
    expect(regionalLocale('en', ['de-AT', 'en-GB', 'en'])).toBe('en-GB')
    expect(regionalLocale('de', ['en-GB'])).toBe('de')
  })
})
