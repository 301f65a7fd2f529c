import { createI18n } from 'vue-i18n'

export const LOCALES = { en: 'English', de: 'Deutsch' } as const
export type Locale = keyof typeof LOCALES

const messages = import.meta.glob<{ default: Record<string, never> }>('./locales/*.json')

export const i18n = createI18n({ legacy: false, locale: 'en', missingWarn: false, fallbackWarn: false })

const isLocale = (value: string | null | undefined): value is Locale => value != null && value in LOCALES

export function preferredLocale(): Locale {
  const stored = readStored()
  if (stored) return stored
  const wanted = navigator.languages.map((tag) => tag.split('-')[0])
  return wanted.find(isLocale) ?? 'en'
}

function readStored(): Locale | undefined {
  try {
    const stored = localStorage.getItem('dv.locale')
    return isLocale(stored) ? stored : undefined
  } catch {
    return undefined
  }
}

export async function setLocale(locale: Locale, remember = true) {
  const loaded = await messages[`./locales/${locale}.json`]!()
  i18n.global.setLocaleMessage(locale, loaded.default)
  i18n.global.locale.value = locale
  document.documentElement.lang = locale
  if (!remember) return
  try {
    localStorage.setItem('dv.locale', locale)
  } catch {
    // Storage may be forbidden: the choice holds for this visit.
  }
}
