import { ref, toValue, watchEffect, type MaybeRefOrGetter } from 'vue'

const DELAY = 150

/** Becomes true only when something lasts: what is quick needs no sign. */
export function useDelayed(condition: MaybeRefOrGetter<boolean>) {
  const lasting = ref(false)
  watchEffect((onCleanup) => {
    if (!toValue(condition)) {
      lasting.value = false
      return
    }
    const timer = setTimeout(() => (lasting.value = true), DELAY)
    onCleanup(() => clearTimeout(timer))
  })
  return lasting
}
