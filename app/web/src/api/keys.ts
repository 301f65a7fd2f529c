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
  document: (id: string) => ['documents', 'detail', id] as const,
  content: (id: string) => ['documents', 'content', id] as const,
  text: (id: string) => ['documents', 'text', id] as const,
  activity: (id: string) => ['documents', 'activity', id] as const,
  search: (text: string) => ['documents', 'search', text] as const,
  topics: ['topics'] as const,
  authOptions: ['auth', 'options'] as const,
  me: ['account', 'me'] as const,
  sessions: ['account', 'sessions'] as const,
  tokens: ['account', 'tokens'] as const,
  users: ['admin', 'users'] as const,
  userList: (filter: object) => ['admin', 'users', filter] as const,
  invites: ['admin', 'invites'] as const,
  audit: (filter: object) => ['admin', 'audit', filter] as const,
  mail: ['admin', 'mail'] as const,
}
