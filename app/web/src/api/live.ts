import { useDebounceFn } from '@vueuse/core'
import { onScopeDispose } from 'vue'
import { subscribeToEvents, type Connection } from './events'
import { keys } from './keys'
import { applyEvent, type News } from './patches'
import { queryClient } from './queryClient'

interface Hooks extends News {
  failed: (id: string, detail: string) => void
  state: (state: Connection) => void
  /** The vault was away and is back. */
  back: () => void
}

/** Keeps the caches up to date while the app is open. */
export function useLiveDocuments(hooks: Hooks) {
  const countAgain = useDebounceFn(
    () => {
      void queryClient.invalidateQueries({ queryKey: keys.counts })
      void queryClient.invalidateQueries({ queryKey: keys.topics })
      // What was added or deleted takes space, or gives it back.
      void queryClient.invalidateQueries({ queryKey: keys.me })
      void queryClient.invalidateQueries({ queryKey: ['documents', 'find'], refetchType: 'none' })
    },
    500,
    { maxWait: 2000 },
  )
  const stream = subscribeToEvents({
    onEvent(event) {
      applyEvent(queryClient, event, hooks, hooks.failed)
      void countAgain()
    },
    // What happened in between may be more than the vault remembers.
    onOpen(reconnected) {
      if (!reconnected) return
      void queryClient.invalidateQueries()
      hooks.back()
    },
    onState: hooks.state,
  })
  onScopeDispose(stream.stop)
  return { retryNow: stream.retryNow }
}
