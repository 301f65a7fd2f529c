import { computed, shallowRef } from 'vue'

/** Chromium's event, which no standard has yet. */
interface InstallPrompt extends Event {
  prompt: () => Promise<unknown>
}

const offered = shallowRef<InstallPrompt>()
window.addEventListener('beforeinstallprompt', (event) => {
  event.preventDefault()
  offered.value = event as InstallPrompt
})
window.addEventListener('appinstalled', () => (offered.value = undefined))

/** Installing the app, where the browser offers it. */
export function useInstall() {
  const canInstall = computed(() => offered.value !== undefined)
  async function install() {
    await offered.value?.prompt()
    offered.value = undefined
  }
  return { canInstall, install }
}
