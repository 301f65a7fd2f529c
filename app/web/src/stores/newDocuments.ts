import { defineStore } from 'pinia'
import { ref } from 'vue'
import { onSessionEnd } from '@/session/session'

/** Documents added while a list was on the screen, by list: announced in place of moving rows. */
export const useNewDocuments = defineStore('newDocuments', () => {
  const byList = ref(new Map<string, Set<string>>())

  const add = (list: string, id: string) => {
    const ids = byList.value.get(list) ?? new Set()
    byList.value.set(list, ids.add(id))
  }
  const remove = (id: string) => {
    for (const ids of byList.value.values()) ids.delete(id)
  }
  const count = (list: string) => byList.value.get(list)?.size ?? 0
  const clear = (list: string) => byList.value.delete(list)
  onSessionEnd(() => byList.value.clear())

  return { add, remove, count, clear }
})
