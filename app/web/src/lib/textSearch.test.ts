import { describe, expect, it } from 'vitest'
import { findPositions, splitMatches } from './textSearch'

describe('find', () => {
  it('finds without regard to case, one after the other', () => {
    expect(findPositions('Aaaa', 'aa')).toEqual([0, 2])
    expect(findPositions('anything', '')).toEqual([])
  })

  it('keeps positions where lower case is longer', () => {
    expect(findPositions('İstanbul Invoice', 'invoice')).toEqual([9])
  })

  it('cuts a text at its hits', () => {
    expect(splitMatches('Tax and tax', 'TAX')).toEqual([
      { text: 'Tax', hit: true },
      { text: ' and ', hit: false },
      { text: 'tax', hit: true },
    ])
    expect(splitMatches('nothing', ' ')).toEqual([{ text: 'nothing', hit: false }])
  })
})
