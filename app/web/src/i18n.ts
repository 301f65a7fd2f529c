import { createI18n } from 'vue-i18n'

export const LOCALES = { en: 'English', de: 'Deutsch' } as const
export type Locale = keyof typeof LOCALES
/** Texts that only some pages need have a file of their own. */
type Part = 'app' | 'accounts'

type Messages = Record<string, never>
const files = import.meta.glob<{ default: Messages }>('./locales/*.json')

export const i18n = createI18n({ legacy: false, locale: 'en', missingWarn: false, fallbackWarn: false })

const wanted = new Set<Part>(['app'])

export const isLocale = (value: string | null | undefined): value is Locale => value != null && value in LOCALES

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

async function read(locale: Locale, part: Part): Promise<Messages> {
  return (await files[part === 'app' ? `./locales/${locale}.json` : `./locales/${locale}.${part}.json`]!()).default
}

export async function setLocale(locale: Locale, remember = true) {
  const parts = await Promise.all([...wanted].map((part) => read(locale, part)))
  i18n.global.setLocaleMessage(locale, Object.assign({}, ...parts) as Messages)
  i18n.global.locale.value = locale
  document.documentElement.lang = locale
  if (!remember) return
  try {
    localStorage.setItem('dv.locale', locale)
  } catch {
    // Storage may be forbidden: the choice holds for this visit.
  }
}

/** Adds the texts of some pages. */
export async function loadTexts(part: Part) {
  if (wanted.has(part)) return
  const locale = i18n.global.locale.value as Locale
  const texts = await read(locale, part)
  wanted.add(part)
  // Somebody may have chosen another language meanwhile.
  if (i18n.global.locale.value !== locale) return setLocale(i18n.global.locale.value as Locale, false)
  i18n.global.setLocaleMessage(locale, { ...i18n.global.getLocaleMessage(locale), ...texts })
}
