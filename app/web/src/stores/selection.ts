import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { ListFilter } from '@/api/types'
import { onSessionEnd } from '@/session/session'

/** What a bulk request is about. */
export type Selected = { ids: string[] } | { filter: ListFilter; except: string[] }

/** Which documents are selected: some by their ids, or all of a view but some. */
export const useSelection = defineStore('selection', () => {
  const ids = shallowRef<ReadonlySet<string>>(new Set())
  const all = shallowRef<{ filter: ListFilter; total: number } | null>(null)
  /** Where a range starts. */
  const anchor = ref<string | null>(null)

  const count = computed(() => (all.value ? Math.max(0, all.value.total - ids.value.size) : ids.value.size))
  /** With all of a view selected, `ids` holds the exceptions. */
  const has = (id: string) => ids.value.has(id) !== Boolean(all.value)

  function toggle(id: string) {
    const next = new Set(ids.value)
    if (!next.delete(id)) next.add(id)
    ids.value = next
    anchor.value = id
  }

  function only(id: string) {
    all.value = null
    ids.value = new Set([id])
    anchor.value = id
  }

  /** Adds everything between the anchor and `id` in the order on the screen. */
  function extend(order: readonly string[], id: string) {
    const from = anchor.value === null ? -1 : order.indexOf(anchor.value)
    const to = order.indexOf(id)
    if (to < 0) return
    if (from < 0) return has(id) || toggle(id)
    const range = order.slice(Math.min(from, to), Math.max(from, to) + 1)
    const next = new Set(ids.value)
    for (const each of range) {
      if (all.value) next.delete(each)
      else next.add(each)
    }
    ids.value = next
  }

  function add(more: readonly string[]) {
    if (all.value) return
    ids.value = new Set([...ids.value, ...more])
  }

  function selectView(filter: ListFilter, total: number) {
    all.value = { filter, total }
    ids.value = new Set()
  }

  /** Documents that are gone cannot stay selected. */
  function forget(gone: readonly string[]) {
    if (!gone.some((id) => ids.value.has(id))) return
    const next = new Set(ids.value)
    for (const id of gone) next.delete(id)
    ids.value = next
  }

  function clear() {
    all.value = null
    ids.value = new Set()
    anchor.value = null
  }

  onSessionEnd(clear)

  const selected = computed<Selected>(() =>
    all.value ? { filter: all.value.filter, except: [...ids.value] } : { ids: [...ids.value] },
  )

  return { ids, all, anchor, count, selected, has, toggle, only, extend, add, selectView, forget, clear }
})
