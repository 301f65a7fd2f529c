import './styles/app.css'
import { VueQueryPlugin } from '@tanstack/vue-query'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { queryClient } from './api/queryClient'
import App from './App.vue'
import { i18n, isLocale, preferredLocale, setLocale } from './i18n'
import { router } from './router'
import { redirectOnSessionEnd } from './session/guard'
import { mayHaveSession, onAuthenticated, restoreSession } from './session/session'

void restoreSession()
// Loads the page while the session is being restored.
if (mayHaveSession()) {
  for (const { components } of router.resolve(location.pathname + location.search).matched) {
    const page = components?.default as (() => Promise<unknown>) | undefined
    page?.().catch(() => {})
  }
}
redirectOnSessionEnd(router)
onAuthenticated(({ locale }) => {
  if (isLocale(locale) && locale !== i18n.global.locale.value) void setLocale(locale)
})

await setLocale(preferredLocale(), false)
createApp(App).use(createPinia()).use(VueQueryPlugin, { queryClient }).use(i18n).use(router).mount('#app')

if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  // Without it the app works all the same; it cannot be installed then.
  navigator.serviceWorker.register('/sw.js').catch(() => {})
}
