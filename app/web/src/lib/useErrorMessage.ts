import { useI18n } from 'vue-i18n'
import { errorMessage } from '@/api/problem'

/** The message for an error, in the language of the page. */
export function useErrorMessage() {
  const { t, te, locale } = useI18n()
  return (error: unknown) => errorMessage(error, { t, te, locale: locale.value })
}
