import { InfiniteQueryObserver, QueryClient } from '@tanstack/vue-query'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { keys, type ListKey } from './keys'
import { applyEvent, type ListData, type ListListener } from './documentCache'
import type { Document, ListFilter } from './types'

function makeDocument(id: string, changes: Partial<Document> = {}): Document {
  return {
    id,
    title: id,
    filename: `${id}.pdf`,
    mime_type: 'application/pdf',
    size_bytes: 1,
    sha256: '',
    has_thumbnail: false,
    status: 'ready',
    owner: { id: 'ada', handle: 'ada' },
    access: 'owner',
    topics: [],
    topic_proposals: [],
    storage: { kind: 'filesystem' },
    version: 1,
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
    ...changes,
  }
}

const suggested = { id: 't', name: 'Tax', hue: 1, state: 'suggested', source: 'rule' } as const

describe('server events in the cache', () => {
  let client: QueryClient
  let listener: ListListener
  const onJobFailed = vi.fn()
  const key = (filter: ListFilter): ListKey => ({ filter, sort: '-created_at' })

  /** A list on the screen. */
  function show(filter: ListFilter, ...items: Document[]) {
    const queryKey = keys.list(key(filter))
    client.setQueryData<ListData>(queryKey, { pages: [{ items, next_cursor: null, total: items.length }], pageParams: [undefined] })
    new InfiniteQueryObserver(client, {
      queryKey,
      queryFn: () => Promise.reject(new Error('not asked')),
      initialPageParam: undefined,
      getNextPageParam: () => undefined,
      staleTime: Infinity,
    }).subscribe(() => {})
  }
  const shown = (filter: ListFilter) => client.getQueryData<ListData>(keys.list(key(filter)))!.pages[0]!
  const send = (name: string, data: unknown) => applyEvent(client, { event: name, data: JSON.stringify(data) }, listener, onJobFailed)

  beforeEach(() => {
    client = new QueryClient()
    listener = { added: vi.fn(), removed: vi.fn() }
  })

  it('updates a listed document in place', () => {
    show({}, makeDocument('a'), makeDocument('b', { status: 'processing' }), makeDocument('c'))
    send('document.updated', makeDocument('b', { status: 'ready', title: 'Bill', updated_at: '2026-01-02T00:00:00Z' }))
    expect(shown({}).items.map(({ title }) => title)).toEqual(['a', 'Bill', 'c'])
    expect(listener.added).not.toHaveBeenCalled()
  })

  it('ignores an event older than the cached document', () => {
    show({}, makeDocument('a', { title: 'new', updated_at: '2026-01-02T00:00:00.5Z' }))
    send('document.updated', makeDocument('a', { title: 'old', updated_at: '2026-01-02T00:00:00Z' }))
    expect(shown({}).items[0]!.title).toBe('new')
  })

  it('reports a new document without inserting it into the list', () => {
    show({}, makeDocument('a'))
    send('document.created', makeDocument('b'))
    expect(shown({}).items).toHaveLength(1)
    expect(listener.added).toHaveBeenCalledWith(expect.any(String), 'b')
  })

  it('does not report a document that may just not be loaded yet', () => {
    show({}, makeDocument('a'))
    send('document.updated', makeDocument('far-down', { status: 'failed' }))
    expect(listener.added).not.toHaveBeenCalled()
  })

  it('removes a document from lists whose filter it no longer matches', () => {
    show({ status: 'processing' }, makeDocument('a', { status: 'processing' }))
    show({ trashed: true })
    send('document.updated', makeDocument('a', { status: 'ready' }))
    expect(shown({ status: 'processing' })).toMatchObject({ items: [], total: 0 })
    expect(shown({ trashed: true }).items).toHaveLength(0)
  })

  it('removes a trashed document from its list and reports it as removed', () => {
    show({}, makeDocument('a'))
    show({ trashed: true })
    send('document.updated', makeDocument('a', { trashed_at: '2026-01-03T00:00:00Z' }))
    expect(shown({}).items).toHaveLength(0)
    expect(listener.removed).toHaveBeenCalledWith('a')
    expect(listener.added).toHaveBeenCalledWith(expect.stringContaining('trashed'), 'a')
  })

  it('removes a document from the review list once its suggestion is confirmed', () => {
    show({ needs_review: true }, makeDocument('a', { topics: [suggested] }))
    send('document.updated', makeDocument('a', { topics: [{ ...suggested, state: 'applied', source: 'user' }] }))
    expect(shown({ needs_review: true }).items).toHaveLength(0)
  })

  it('removes a deleted document from its list', () => {
    show({}, makeDocument('a'), makeDocument('b'))
    send('document.deleted', { id: 'a' })
    expect(shown({})).toMatchObject({ total: 1, items: [{ id: 'b' }] })
  })

  it('refetches everything on resync, and reports failed jobs', () => {
    const again = vi.spyOn(client, 'invalidateQueries').mockResolvedValue()
    send('resync', {})
    expect(again).toHaveBeenCalledWith()
    send('job.failed', { document_id: 'a', detail: 'Encrypted.' })
    expect(onJobFailed).toHaveBeenCalledWith('a', 'Encrypted.')
  })
})
