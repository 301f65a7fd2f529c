import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient, type QueryClient } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { api, data } from '../client'
import { keys, type ListKey } from '../keys'
import { cachedDocument } from '../documentCache'
import { ApiProblem } from '../problem'
import type { BulkRequest, BulkResponse, Document, DocumentList, DocumentPatch, ListFilter } from '../types'
import type { Selected } from '@/stores/selection'

const PAGE = 100
/** The most ids that one bulk request takes. */
const BULK = 500

const fetchPage = ({ filter, sort }: ListKey, cursor: string | undefined, signal: AbortSignal): Promise<DocumentList> =>
  data(
    api.GET('/api/documents', {
      params: { query: { ...filter, sort, limit: PAGE, ...(cursor ? { cursor } : { total: true }) } },
      signal,
    }),
  )

/** A list, loaded page by page. */
export function useDocumentPages(key: MaybeRefOrGetter<ListKey>) {
  return useInfiniteQuery({
    queryKey: computed(() => keys.list(toValue(key))),
    queryFn: ({ pageParam, signal }) => fetchPage(toValue(key), pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  })
}

/** How many documents match. */
export function useDocumentCount(filter: ListFilter) {
  return useQuery({
    queryKey: keys.count(filter),
    queryFn: async ({ signal }) => {
      const query = { ...filter, limit: 1, total: true }
      const page = await data(api.GET('/api/documents', { params: { query }, signal }))
      return page.total ?? 0
    },
  })
}

/** The documents whose title, file name or sender has the text; without one the newest. */
export function useDocumentSearch(text: MaybeRefOrGetter<string>, enabled: MaybeRefOrGetter<boolean>) {
  return useQuery({
    queryKey: computed(() => keys.search(toValue(text))),
    queryFn: async ({ signal }) => {
      const query = toValue(text) ? { q: toValue(text), limit: 6 } : { limit: 5 }
      return data(api.GET('/api/documents', { params: { query }, signal }))
    },
    placeholderData: keepPreviousData,
    enabled: () => toValue(enabled),
  })
}

export const fetchDocument = (id: string, signal?: AbortSignal): Promise<Document> =>
  data(api.GET('/api/documents/{id}', { params: { path: { id } }, signal }))

export function useDocument(id: MaybeRefOrGetter<string>) {
  const client = useQueryClient()
  return useQuery({
    queryKey: computed(() => keys.document(toValue(id))),
    queryFn: ({ signal }) => fetchDocument(toValue(id), signal),
    // A list knows it already: the page stands at once.
    placeholderData: () => cachedDocument(client, toValue(id)),
  })
}

export function useDocumentText(id: MaybeRefOrGetter<string>, enabled: MaybeRefOrGetter<boolean> = true) {
  return useQuery({
    queryKey: computed(() => keys.text(toValue(id))),
    queryFn: ({ signal }) => data(api.GET('/api/documents/{id}/text', { params: { path: { id: toValue(id) } }, signal })),
    enabled: () => toValue(enabled),
  })
}

/** What was done to a document, newest first: looked up anew with each of its versions. */
export const useDocumentActivity = (document: MaybeRefOrGetter<Document>) =>
  useInfiniteQuery({
    queryKey: computed(() => [...keys.activity(toValue(document).id), toValue(document).version]),
    queryFn: ({ pageParam, signal }) => {
      const params = { path: { id: toValue(document).id }, query: { cursor: pageParam } }
      return data(api.GET('/api/documents/{id}/activity', { params, signal }))
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    // Of the version before, but not of another document.
    placeholderData: (before, query) => (query?.queryKey[2] === toValue(document).id ? before : undefined),
    staleTime: 0,
  })

export const patchDocument = (id: string, patch: DocumentPatch, version?: number): Promise<Document> =>
  data(
    api.PATCH('/api/documents/{id}', {
      params: { path: { id }, header: version === undefined ? {} : { 'If-Match': `"${version}"` } },
      body: patch,
    }),
  )

export const confirmTopic = (id: string, topic: string): Promise<Document> =>
  data(api.PUT('/api/documents/{id}/topics/{topic_id}', { params: { path: { id, topic_id: topic } } }))

/** Arrives even when the page is closed right after. */
export const rejectTopic = (id: string, topic: string): Promise<Document> =>
  data(api.DELETE('/api/documents/{id}/topics/{topic_id}', { params: { path: { id, topic_id: topic } }, keepalive: true }))

/** Files under a topic by name, which makes it if there is none. Suggestions stay as they are. */
export async function addTopicByName(id: string, name: string): Promise<Document> {
  const { results } = await bulk('add_topics', { ids: [id] }, [name])
  const refused = results.find((item) => !item.ok)
  if (refused) throw new ApiProblem(refused.code ?? 'internal', 0, refused.detail ?? '')
  return fetchDocument(id)
}

export const reprocessDocument = (id: string): Promise<Document> =>
  data(api.POST('/api/documents/{id}/reprocess', { params: { path: { id } } }))

/** One thing with many documents; more ids than one request takes go in several. */
export async function bulk(
  action: BulkRequest['action'],
  selected: Selected,
  topics?: string[],
): Promise<BulkResponse> {
  const send = (what: Selected) =>
    data(api.POST('/api/documents/bulk', { body: { action, ...what, ...(topics ? { topics } : {}) } }))
  if ('filter' in selected) return send(selected)
  const sum: BulkResponse = { results: [], succeeded: 0, failed: 0 }
  for (let from = 0; from < selected.ids.length; from += BULK) {
    const part = await send({ ids: selected.ids.slice(from, from + BULK) })
    sum.results.push(...part.results)
    sum.succeeded += part.succeeded
    sum.failed += part.failed
  }
  return sum
}

/** The document before and after one in the list it was opened from, as far as loaded. */
export function neighbours(client: QueryClient, list: ListKey | undefined, id: string) {
  const pages = list && client.getQueryData<{ pages: DocumentList[] }>(keys.list(list))?.pages
  const items = pages?.flatMap((page) => page.items) ?? []
  const index = items.findIndex((item) => item.id === id)
  return index < 0 ? {} : { previous: items[index - 1], next: items[index + 1] }
}
