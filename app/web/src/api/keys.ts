import type { ListFilter, Sort } from './types'

export interface ListKey {
  filter: ListFilter
  sort: Sort
}

export const keys = {
  documents: ['documents'] as const,
  lists: ['documents', 'list'] as const,
  list: (key: ListKey) => ['documents', 'list', key] as const,
  counts: ['documents', 'count'] as const,
  count: (filter: ListFilter) => ['documents', 'count', filter] as const,
  one: (id: string) => ['documents', 'one', id] as const,
  content: (id: string) => ['documents', 'content', id] as const,
  text: (id: string) => ['documents', 'text', id] as const,
  find: (text: string) => ['documents', 'find', text] as const,
  topics: ['topics'] as const,
}
