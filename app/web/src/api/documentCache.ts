import type { InfiniteData, Query, QueryClient } from '@tanstack/vue-query'
import type { EventSourceMessage } from 'eventsource-parser'
import { keys, type ListKey } from './keys'
import { matchesFilter } from './documentFilter'
import type { Document, DocumentList, ListFilter } from './types'

export type ListData = InfiniteData<DocumentList, string | undefined>

/** Receives changes that the cached lists do not show by themselves. */
export interface ListListener {
  /** A document was added that belongs into a list on the screen. */
  added: (listHash: string, id: string) => void
  /** It was deleted or moved to the trash. */
  removed: (id: string) => void
}

interface RemoteChange {
  listener: ListListener
  /** The document as it was; undefined when unknown. */
  before: Document | 'none' | undefined
}

const listQueries = (client: QueryClient) => client.getQueryCache().findAll({ queryKey: keys.lists })
const listKeyOf = (query: Query) => query.queryKey[2] as ListKey

/** Changes the rows of a list; the total follows when rows leave. */
function editRows(list: ListData, edit: (items: Document[]) => Document[]): ListData {
  let removed = 0
  const pages = list.pages.map((page) => {
    const items = edit(page.items)
    removed += page.items.length - items.length
    return { ...page, items }
  })
  if (!removed) return { ...list, pages }
  return {
    ...list,
    pages: pages.map((page) => (page.total == null ? page : { ...page, total: Math.max(0, page.total - removed) })),
  }
}

const holds = (list: ListData | undefined, id: string) =>
  list?.pages.some((page) => page.items.some((item) => item.id === id)) ?? false

/** Puts what is known of a document into every cache that shows it; `change` when an event caused it. */
export function updateCachedDocument(client: QueryClient, document: Document, change?: RemoteChange) {
  client.setQueryData<Document>(keys.document(document.id), (known) => known && document)
  for (const query of listQueries(client)) {
    const list = query.state.data as ListData | undefined
    const { filter } = listKeyOf(query)
    const belongs = matchesFilter(filter, document)
    if (holds(list, document.id)) {
      client.setQueryData<ListData>(query.queryKey, (known) =>
        known &&
        editRows(known, (items) =>
          belongs === false
            ? items.filter((item) => item.id !== document.id)
            : items.map((item) => (item.id === document.id ? document : item)),
        ),
      )
    } else if (belongs) {
      if (!query.isActive()) void client.invalidateQueries({ queryKey: query.queryKey, exact: true, refetchType: 'none' })
      else if (change && isNewTo(filter, change.before)) change.listener.added(query.queryHash, document.id)
    }
  }
}

/** A row that a list does not hold may just not be loaded yet: it is new if it did not belong before. */
const isNewTo = (filter: ListFilter, before: Document | 'none' | undefined) =>
  before === 'none' || (before !== undefined && matchesFilter(filter, before) === false)

/** Removes a document from every cached list. */
function removeCachedDocument(client: QueryClient, id: string) {
  for (const query of listQueries(client)) {
    if (!holds(query.state.data as ListData | undefined, id)) continue
    client.setQueryData<ListData>(query.queryKey, (known) => known && editRows(known, (items) => items.filter((item) => item.id !== id)))
  }
}

/** The document from whichever cache has it. */
export function cachedDocument(client: QueryClient, id: string): Document | undefined {
  const one = client.getQueryData<Document>(keys.document(id))
  if (one) return one
  for (const query of listQueries(client)) {
    const list = query.state.data as ListData | undefined
    for (const page of list?.pages ?? []) {
      const found = page.items.find((item) => item.id === id)
      if (found) return found
    }
  }
  return undefined
}

/** Events may be late: an older state must not undo a newer one. */
const outdated = (client: QueryClient, document: Document) => {
  const known = cachedDocument(client, document.id)
  return known !== undefined && Date.parse(known.updated_at) > Date.parse(document.updated_at)
}

/** Applies an event of the server to the caches. */
export function applyEvent(client: QueryClient, event: EventSourceMessage, listener: ListListener, onJobFailed: (id: string, detail: string) => void) {
  switch (event.event) {
    case 'document.created':
    case 'document.updated': {
      const document = JSON.parse(event.data) as Document
      if (outdated(client, document)) return
      const before = cachedDocument(client, document.id)
      if (document.trashed_at) listener.removed(document.id)
      updateCachedDocument(client, document, { listener, before: event.event === 'document.created' ? 'none' : before })
      // The text is there once the document has been read.
      if (before?.status !== document.status) void client.invalidateQueries({ queryKey: keys.text(document.id) })
      return
    }
    case 'document.deleted': {
      const { id } = JSON.parse(event.data) as { id: string }
      listener.removed(id)
      removeCachedDocument(client, id)
      void client.invalidateQueries({ queryKey: keys.document(id) })
      return
    }
    case 'job.failed': {
      const { document_id, detail } = JSON.parse(event.data) as { document_id: string; detail: string }
      onJobFailed(document_id, detail)
      return
    }
    case 'resync':
      void client.invalidateQueries()
  }
}
