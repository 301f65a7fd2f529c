import { computed } from 'vue'
import { useRoute, useRouter, type LocationQuery } from 'vue-router'
import type { ListKey } from '@/api/keys'
import type { DocumentStatus, ListFilter, Sort } from '@/api/types'

export const SORTS = [
  '-created_at',
  'created_at',
  'title',
  '-title',
  '-document_date',
  'document_date',
  '-size',
  'size',
  '-updated_at',
] as const satisfies Sort[]

export const STATUSES = ['pending', 'processing', 'ready', 'failed'] as const satisfies DocumentStatus[]

/** The filters as they stand in the address. Days are inclusive. */
export interface Filters {
  q?: string
  topic?: string
  type?: string
  status?: DocumentStatus
  added_from?: string
  added_to?: string
  dated_from?: string
  dated_to?: string
}

const DAY = /^\d{4}-\d{2}-\d{2}$/
const ID = /^[0-9a-f-]{36}$/i

/** Reads the address; what cannot be meant is left out. */
export function parseFilters(query: LocationQuery): Filters {
  const value = (name: string) => {
    const found = query[name]
    return (Array.isArray(found) ? found[0] : found) || undefined
  }
  const day = (name: string) => {
    const text = value(name)
    return text && DAY.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined
  }
  const filters: Filters = {
    q: value('q'),
    topic: ID.test(value('topic') ?? '') ? value('topic') : undefined,
    type: value('type'),
    status: STATUSES.find((status) => status === value('status')),
    added_from: day('added_from'),
    added_to: day('added_to'),
    dated_from: day('dated_from'),
    dated_to: day('dated_to'),
  }
  return Object.fromEntries(Object.entries(filters).filter(([, each]) => each !== undefined))
}

export function parseSort(query: LocationQuery, fallback: Sort): Sort {
  return SORTS.find((sort) => sort === query.sort) ?? fallback
}

const dayAfter = (day: string) => {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + 1)
  return date.toISOString().slice(0, 10)
}

/** Midnight where the person is. */
const startOf = (day: string) => new Date(`${day}T00:00:00`).toISOString()

/** The filters as the vault understands them. */
export function toListFilter(base: ListFilter, filters: Filters): ListFilter {
  const filter: ListFilter = { ...base }
  if (filters.q) filter.q = filters.q
  if (filters.topic) filter.topic = filters.topic
  if (filters.type) filter.mime_type = filters.type
  if (filters.status) filter.status = filters.status
  if (filters.added_from) filter.created_after = startOf(filters.added_from)
  if (filters.added_to) filter.created_before = startOf(dayAfter(filters.added_to))
  if (filters.dated_from) filter.document_date_after = filters.dated_from
  if (filters.dated_to) filter.document_date_before = dayAfter(filters.dated_to)
  return filter
}

/** The list that the address describes. */
export function useFilters(base: ListFilter, defaultSort: Sort) {
  const route = useRoute()
  const router = useRouter()
  // The component lives on for a moment while the address is already another page's.
  const path = route.path
  const query = computed<LocationQuery>((before) => (route.path === path ? route.query : (before ?? {})))

  const filters = computed(() => parseFilters(query.value))
  const sort = computed(() => parseSort(query.value, defaultSort))
  const key = computed<ListKey>(() => ({ filter: toListFilter(base, filters.value), sort: sort.value }))
  const filtered = computed(() => Object.keys(filters.value).length > 0)

  const go = (query: LocationQuery) => void router.replace({ query })
  function set(changes: Filters) {
    const next: Record<string, string | undefined> = { ...filters.value, ...changes }
    go({ ...(sort.value === defaultSort ? {} : { sort: sort.value }), ...(JSON.parse(JSON.stringify(next)) as LocationQuery) })
  }
  function setSort(next: Sort) {
    go({ ...(filters.value as LocationQuery), ...(next === defaultSort ? {} : { sort: next }) })
  }
  const clear = () => go(sort.value === defaultSort ? {} : { sort: sort.value })

  return { filters, sort, key, filtered, set, setSort, clear }
}

export type FilterState = ReturnType<typeof useFilters>
