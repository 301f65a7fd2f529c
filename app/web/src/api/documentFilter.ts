import type { Document, ListFilter } from './types'

export const suggestedTopics = (document: Document) => document.topics.filter((topic) => topic.state === 'suggested')
export const appliedTopics = (document: Document) => document.topics.filter((topic) => topic.state === 'applied')

/**
 * Whether a document matches a filter; `undefined` when only the server knows (a document without
 * topics needs review unless suggestions were rejected).
 */
export function matchesFilter(filter: ListFilter, document: Document): boolean | undefined {
  if (Boolean(document.trashed_at) !== Boolean(filter.trashed)) return false
  if (filter.status && document.status !== filter.status) return false
  if (filter.mime_type && document.mime_type !== filter.mime_type) return false
  if (filter.topic && !appliedTopics(document).some((topic) => topic.id === filter.topic)) return false
  if (filter.q && !containsText(document, filter.q)) return false
  if (filter.created_after && document.created_at < filter.created_after) return false
  if (filter.created_before && document.created_at >= filter.created_before) return false
  const date = document.document_date
  if (filter.document_date_after && !(date && date >= filter.document_date_after)) return false
  if (filter.document_date_before && !(date && date < filter.document_date_before)) return false
  if (filter.needs_review) return needsReview(document)
  return true
}

function needsReview(document: Document): boolean | undefined {
  if (document.status !== 'ready') return false
  if (suggestedTopics(document).length) return true
  return document.topics.length ? false : undefined
}

function containsText(document: Document, text: string): boolean {
  const wanted = text.trim().toLowerCase()
  return [document.title, document.filename, document.correspondent ?? ''].some((field) => field.toLowerCase().includes(wanted))
}
