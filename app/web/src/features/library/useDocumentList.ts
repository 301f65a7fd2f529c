import { hashKey } from '@tanstack/vue-query'
import { computed, onScopeDispose, watch } from 'vue'
import { keys } from '@/api/keys'
import { useDocumentPages } from '@/api/queries/documents'
import type { Document, ListFilter, Sort } from '@/api/types'
import { useNewDocuments } from '@/stores/newDocuments'
import { usePendingRejections } from '@/stores/pendingRejections'
import { useSelection } from '@/stores/selection'
import { useFilters } from './filters'

/** A list of documents with its filters, as pages show it. */
export function useDocumentList(base: ListFilter, defaultSort: Sort) {
  const state = useFilters(base, defaultSort)
  const pages = useDocumentPages(state.key)
  const newDocuments = useNewDocuments()
  const rejections = usePendingRejections()
  const selection = useSelection()

  const loaded = computed(() => {
    const rows = (pages.data.value?.pages ?? []).flatMap((page) => page.items)
    // While rows change their place in the order, one may come twice.
    return [...new Map(rows.map((document) => [document.id, document])).values()]
  })
  const isDone = (document: Document) => Boolean(base.needs_review) && rejections.isDone(document)
  const items = computed(() => loaded.value.filter((document) => !isDone(document)))
  const total = computed(() => {
    const all = pages.data.value?.pages[0]?.total ?? loaded.value.length
    return all - (loaded.value.length - items.value.length)
  })

  const hash = computed(() => hashKey(keys.list(state.key.value)))
  const newCount = computed(() => newDocuments.count(hash.value))
  /** Shows the new documents in the list. */
  const showNew = () => void pages.refetch()
  watch(pages.isFetching, (fetching) => fetching || newDocuments.clear(hash.value))

  // An empty list has no rows that could move under the pointer.
  watch(newCount, (count) => {
    if (count && !items.value.length) showNew()
  })

  watch(() => JSON.stringify(state.key.value.filter), selection.clear)
  onScopeDispose(selection.clear)

  function loadMore() {
    if (pages.hasNextPage.value && !pages.isFetching.value && !pages.isError.value) void pages.fetchNextPage()
  }

  return {
    ...state,
    items,
    total,
    newCount,
    showNew,
    loadMore,
    hasMore: pages.hasNextPage,
    isPending: pages.isPending,
    isFetching: pages.isFetching,
    isRefetching: computed(() => pages.isFetching.value && !pages.isFetchingNextPage.value && !pages.isPending.value),
    isPlaceholder: pages.isPlaceholderData,
    error: pages.error,
    retry: () => void pages.refetch(),
  }
}

export type DocumentListState = ReturnType<typeof useDocumentList>
