import { describe, expect, it } from 'vitest'
import { hitsOn, joinItems, locate } from './pageText'

describe('text of a page', () => {
  const page = joinItems([
    { str: 'Return of the', hasEOL: true },
    { str: 'depo', hasEOL: false },
    { str: 'sit', hasEOL: false },
  ])

  it('finds phrases across lines and text items', () => {
    expect(page.text).toBe('Return of the deposit')
    expect(hitsOn(3, page, 'THE  deposit')).toEqual([{ page: 3, start: 10, end: 21 }])
  })

  it('maps a position to its text item', () => {
    expect(locate(page, 10)).toEqual({ item: 0, offset: 10 })
    expect(locate(page, 14)).toEqual({ item: 1, offset: 0 })
    expect(locate(page, 20)).toEqual({ item: 2, offset: 2 })
  })
})
