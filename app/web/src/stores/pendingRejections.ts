import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { suggestedTopics } from '@/api/documentFilter'
import type { Document } from '@/api/types'
import { onSessionEnd } from '@/session/session'

/**
 * Suggestions that were rejected a moment ago. They are sent when the time for undo is over,
 * because the server cannot turn a rejection back into a suggestion.
 */
export const usePendingRejections = defineStore('pendingRejections', () => {
  const waiting = shallowRef<ReadonlyMap<string, () => void>>(new Map())
  const keyOf = (document: string, topic: string) => `${document} ${topic}`

  function add(document: string, topic: string, commit: () => void) {
    waiting.value = new Map(waiting.value).set(keyOf(document, topic), commit)
  }
  /** Runs at most once for each rejection. */
  function settle(document: string, topic: string, how: 'commit' | 'undo') {
    const key = keyOf(document, topic)
    const commit = waiting.value.get(key)
    if (how === 'commit') commit?.()
    const rest = new Map(waiting.value)
    rest.delete(key)
    waiting.value = rest
  }
  function commitAll() {
    for (const commit of waiting.value.values()) commit()
    waiting.value = new Map()
  }

  onSessionEnd(() => (waiting.value = new Map()))

  /** The suggestions to show. */
  const suggestions = (document: Document) =>
    suggestedTopics(document).filter((topic) => !waiting.value.has(keyOf(document.id, topic.id)))
  /** Whether nothing but rejected suggestions is left of what made a document need review. */
  const isDone = (document: Document) => suggestedTopics(document).length > 0 && suggestions(document).length === 0

  return { add, settle, commitAll, suggestions, isDone }
})
