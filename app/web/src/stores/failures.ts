import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { BulkItem } from '@/api/types'
import { onSessionEnd } from '@/session/session'

/** What did not go well when many documents were changed at once, until it was read. */
export const useFailures = defineStore('failures', () => {
  const items = shallowRef<BulkItem[]>([])
  onSessionEnd(() => (items.value = []))
  return { items }
})
