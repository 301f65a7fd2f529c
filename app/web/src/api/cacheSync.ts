import { useDebounceFn } from '@vueuse/core'
import { onScopeDispose } from 'vue'
import { subscribeToEvents, type Connection } from './events'
import { keys } from './keys'
import { applyEvent, type ListListener } from './documentCache'
import { queryClient } from './queryClient'

interface Hooks extends ListListener {
  onJobFailed: (id: string, detail: string) => void
  onState: (state: Connection) => void
  /** The connection was lost and is open again. */
  onReconnected: () => void
}

/** Keeps the caches up to date while the app is open. */
export function useCacheSync(hooks: Hooks) {
  const refreshCounts = useDebounceFn(
    () => {
      void queryClient.invalidateQueries({ queryKey: keys.counts })
      void queryClient.invalidateQueries({ queryKey: keys.topics })
      // What was added or deleted takes space, or gives it back.
      void queryClient.invalidateQueries({ queryKey: keys.me })
      void queryClient.invalidateQueries({ queryKey: ['documents', 'search'], refetchType: 'none' })
    },
    500,
    { maxWait: 2000 },
  )
  const stream = subscribeToEvents({
    onEvent(event) {
      applyEvent(queryClient, event, hooks, hooks.onJobFailed)
      void refreshCounts()
    },
    // The server may no longer have all events of the time in between.
    onOpen(reconnected) {
      if (!reconnected) return
      void queryClient.invalidateQueries()
      hooks.onReconnected()
    },
    onState: hooks.onState,
  })
  onScopeDispose(stream.stop)
  return { retryNow: stream.retryNow }
}
