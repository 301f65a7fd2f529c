import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { ListKey } from '@/api/keys'
import { onSessionEnd } from '@/session/session'

/** The list that a document was opened from: where "next document" leads. */
export const useListContext = defineStore('listContext', () => {
  const list = shallowRef<ListKey>()
  onSessionEnd(() => (list.value = undefined))
  return { list }
})
