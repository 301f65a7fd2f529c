import type { InfiniteData, Query, QueryClient } from '@tanstack/vue-query'
import type { EventSourceMessage } from 'eventsource-parser'
import { keys, type ListKey } from './keys'
import { matches } from './matches'
import type { Document, DocumentList, ListFilter } from './types'

export type ListData = InfiniteData<DocumentList, string | undefined>

/** What a cache of lists cannot hold itself. */
export interface News {
  /** A document appeared that belongs into a list on the screen. */
  arrived: (listHash: string, id: string) => void
  /** It is gone again. */
  left: (id: string) => void
}

interface Arrival {
  news: News
  /** The document as it was; undefined when nobody knows. */
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

/** Puts what is known of a document into every cache that shows it; `arrival` when the vault told. */
export function placeDocument(client: QueryClient, document: Document, arrival?: Arrival) {
  client.setQueryData<Document>(keys.one(document.id), (known) => known && document)
  for (const query of listQueries(client)) {
    const list = query.state.data as ListData | undefined
    const { filter } = listKeyOf(query)
    const belongs = matches(filter, document)
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
      else if (arrival && isNewTo(filter, arrival.before)) arrival.news.arrived(query.queryHash, document.id)
    }
  }
}

/** A row that a list does not hold may just not be loaded yet: it is new if it did not belong before. */
const isNewTo = (filter: ListFilter, before: Document | 'none' | undefined) =>
  before === 'none' || (before !== undefined && matches(filter, before) === false)

/** Takes a document out of every cache. */
function dropDocument(client: QueryClient, id: string) {
  for (const query of listQueries(client)) {
    if (!holds(query.state.data as ListData | undefined, id)) continue
    client.setQueryData<ListData>(query.queryKey, (known) => known && editRows(known, (items) => items.filter((item) => item.id !== id)))
  }
}

/** What the caches know of a document, wherever. */
export function knownDocument(client: QueryClient, id: string): Document | undefined {
  const one = client.getQueryData<Document>(keys.one(id))
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
  const known = knownDocument(client, document.id)
  return known !== undefined && Date.parse(known.updated_at) > Date.parse(document.updated_at)
}

/** Brings an event of the vault into the caches. */
export function applyEvent(client: QueryClient, event: EventSourceMessage, news: News, failed: (id: string, detail: string) => void) {
  switch (event.event) {
    case 'document.created':
    case 'document.updated': {
      const document = JSON.parse(event.data) as Document
      if (outdated(client, document)) return
      const before = knownDocument(client, document.id)
      if (document.trashed_at) news.left(document.id)
      placeDocument(client, document, { news, before: event.event === 'document.created' ? 'none' : before })
      // The text is there once the document has been read.
      if (before?.status !== document.status) void client.invalidateQueries({ queryKey: keys.text(document.id) })
      return
    }
    case 'document.deleted': {
      const { id } = JSON.parse(event.data) as { id: string }
      news.left(id)
      dropDocument(client, id)
      void client.invalidateQueries({ queryKey: keys.one(id) })
      return
    }
    case 'job.failed': {
      const { document_id, detail } = JSON.parse(event.data) as { document_id: string; detail: string }
      failed(document_id, detail)
      return
    }
    case 'resync':
      void client.invalidateQueries()
  }
}
