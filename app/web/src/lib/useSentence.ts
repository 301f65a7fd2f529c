import { useI18n } from 'vue-i18n'
import { sentence } from '@/api/problem'

/** Puts an error into words for people, in their language. */
export function useSentence() {
  const { t, te, locale } = useI18n()
  return (error: unknown) => sentence(error, { t, te, locale: locale.value })
}
