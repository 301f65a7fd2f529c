import { computed } from 'vue'
import { useI18n } from 'vue-i18n'

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** Sizes as the vault counts quotas: 1 MB is 1024 times 1024 bytes, as in most file managers. */
export function formatSize(bytes: number, locale: string): string {
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1024
    unit += 1
  }
  const digits = unit > 1 && value < 10 ? 1 : 0
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: UNITS[unit],
    unitDisplay: unit === 0 ? 'long' : 'short',
    maximumFractionDigits: digits,
  }).format(value)
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** How long ago when it was today, the day otherwise. */
export function formatWhen(time: string, locale: string, now = Date.now()): string {
  const then = Date.parse(time)
  const ago = now - then
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' })
  if (ago < MINUTE) return relative.format(0, 'second')
  if (ago < HOUR) return relative.format(-Math.floor(ago / MINUTE), 'minute')
  if (ago < 24 * HOUR) return relative.format(-Math.floor(ago / HOUR), 'hour')
  return formatDate(time, locale)
}

const formatTime = (time: string, locale: string) =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short' }).format(Date.parse(time))

/** The day of a moment, where the person is. */
const formatDate = (time: string, locale: string) =>
  new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' }).format(Date.parse(time))

/** A calendar day such as 2026-03-01, which is the same day in every time zone. */
export const formatDay = (day: string, locale: string) =>
  new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).format(Date.parse(`${day}T00:00:00Z`))

export function formatDuration(seconds: number, locale: string): string {
  const [value, unit] =
    seconds < 60
      ? ([Math.max(1, Math.round(seconds)), 'second'] as const)
      : seconds < 3600
        ? ([Math.round(seconds / 60), 'minute'] as const)
        : ([Math.round(seconds / 360) / 10, 'hour'] as const)
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(value)
}

/** The language of the page as it is written where the person lives: en-GB for en. */
export function regionalLocale(locale: string, languages: readonly string[] = navigator.languages): string {
  return languages.find((tag) => tag.split('-')[0] === locale) ?? locale
}

/** The formats in the language of the page. */
export function useFormat() {
  const i18n = useI18n()
  const locale = computed(() => regionalLocale(i18n.locale.value))
  return {
    size: (bytes: number) => formatSize(bytes, locale.value),
    when: (time: string) => formatWhen(time, locale.value),
    date: (time: string) => formatDate(time, locale.value),
    time: (time: string) => formatTime(time, locale.value),
    day: (day: string) => formatDay(day, locale.value),
    duration: (seconds: number) => formatDuration(seconds, locale.value),
    number: (value: number) => new Intl.NumberFormat(locale.value).format(value),
    percent: (share: number) => new Intl.NumberFormat(locale.value, { style: 'percent' }).format(share),
  }
}
