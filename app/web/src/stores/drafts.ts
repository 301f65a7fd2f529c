import { defineStore } from 'pinia'
import { onSessionEnd } from '@/session/session'

/** Unsaved input of an ended session, restored after signing in again. */
export const useDrafts = defineStore('drafts', () => {
  const kept = new Map<string, unknown>()

  const keep = (key: string, draft: unknown) => void kept.set(key, draft)
  function take<T>(key: string): T | undefined {
    const draft = kept.get(key)
    kept.delete(key)
    return draft as T | undefined
  }
  onSessionEnd((end) => end === 'signed-out' && kept.clear())

  return { keep, take }
})
