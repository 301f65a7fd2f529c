import { describe, expect, it } from 'vitest'
import { findPositions, splitMatches } from './textSearch'

describe('text search', () => {
  it('finds matches that do not overlap, ignoring case', () => {
    expect(findPositions('Aaaa', 'aa')).toEqual([0, 2])
    expect(findPositions('anything', '')).toEqual([])
  })

  it('keeps positions where lower case is longer than the original', () => {
    expect(findPositions('İstanbul Invoice', 'invoice')).toEqual([9])
  })

  it('splits a text at its matches', () => {
    expect(splitMatches('Tax and tax', 'TAX')).toEqual([
      { text: 'Tax', hit: true },
      { text: ' and ', hit: false },
      { text: 'tax', hit: true },
    ])
    expect(splitMatches('nothing', ' ')).toEqual([{ text: 'nothing', hit: false }])
  })
})
