import { describe, expect, it } from 'vitest'
import { parseFilters, parseSort, toListFilter } from './filters'

describe('filters in the query string', () => {
  it('drops unknown and invalid filters', () => {
    const topic = '01a21426-5c23-740c-927e-2bfc6ac4d778'
    expect(parseFilters({ q: 'tax', topic, status: 'ready', added_from: '2026-02-30x', dated_to: '2026-03-01', foo: 'x' })).toEqual({
      q: 'tax',
      topic,
      status: 'ready',
      dated_to: '2026-03-01',
    })
    expect(parseFilters({ topic: 'x', status: 'lost' })).toEqual({})
  })

  it('falls back to the default sort of the page', () => {
    expect(parseSort({ sort: '-size' }, '-created_at')).toBe('-size')
    expect(parseSort({ sort: 'colour' }, '-created_at')).toBe('-created_at')
  })

  it('includes the last day of a date range', () => {
    const filter = toListFilter({ trashed: true }, { dated_from: '2026-02-28', dated_to: '2026-02-28', added_to: '2026-12-31' })
    expect(filter).toMatchObject({ trashed: true, document_date_after: '2026-02-28', document_date_before: '2026-03-01' })
    expect(filter.created_before).toBe(new Date('2027-01-01T00:00:00').toISOString())
  })
})
