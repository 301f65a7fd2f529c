import { onScopeDispose, ref, shallowRef, toValue, watch, type MaybeRefOrGetter } from 'vue'
import { readBlob } from '@/api/client'

/** A file of the vault as an address that pictures can show: they cannot send the token by themselves. */
export function useBlobUrl(source: MaybeRefOrGetter<string>) {
  const url = shallowRef<string>()
  const failed = ref(false)

  function release() {
    if (url.value) URL.revokeObjectURL(url.value)
    url.value = undefined
  }
  watch(
    () => toValue(source),
    async (wanted, _, onCleanup) => {
      const stop = new AbortController()
      onCleanup(() => stop.abort())
      release()
      failed.value = false
      try {
        const blob = await readBlob(wanted, stop.signal)
        if (!stop.signal.aborted) url.value = URL.createObjectURL(blob)
      } catch {
        if (!stop.signal.aborted) failed.value = true
      }
    },
    { immediate: true },
  )
  onScopeDispose(release)
  return { url, failed }
}
