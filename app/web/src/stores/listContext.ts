import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { ListKey } from '@/api/keys'
import { onEnded } from '@/session/session'

/** The list that a document was opened from: where "next document" leads. */
export const useListContext = defineStore('listContext', () => {
  const list = shallowRef<ListKey>()
  onEnded(() => (list.value = undefined))
  return { list }
})
