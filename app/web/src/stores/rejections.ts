import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { suggestedTopics } from '@/api/matches'
import type { Document } from '@/api/types'
import { onEnded } from '@/session/session'

/**
 * Suggestions that were rejected a moment ago. The vault hears of it when the time for undo is over,
 * because a rejection cannot be turned back into a suggestion there.
 */
export const useRejections = defineStore('rejections', () => {
  const waiting = shallowRef<ReadonlyMap<string, () => void>>(new Map())
  const keyOf = (document: string, topic: string) => `${document} ${topic}`

  function wait(document: string, topic: string, commit: () => void) {
    waiting.value = new Map(waiting.value).set(keyOf(document, topic), commit)
  }
  /** Ends the wait; `commit` is called by the first who asks only. */
  function settle(document: string, topic: string, how: 'commit' | 'undo') {
    const key = keyOf(document, topic)
    const commit = waiting.value.get(key)
    if (how === 'commit') commit?.()
    const rest = new Map(waiting.value)
    rest.delete(key)
    waiting.value = rest
  }
  function settleAll() {
    for (const commit of waiting.value.values()) commit()
    waiting.value = new Map()
  }

  onEnded(() => (waiting.value = new Map()))

  /** The suggestions to show. */
  const suggestions = (document: Document) =>
    suggestedTopics(document).filter((topic) => !waiting.value.has(keyOf(document.id, topic.id)))
  /** Whether nothing but rejected suggestions is left of what made a document need review. */
  const isDone = (document: Document) => suggestedTopics(document).length > 0 && suggestions(document).length === 0

  return { wait, settle, settleAll, suggestions, isDone }
})
