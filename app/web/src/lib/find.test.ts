import { describe, expect, it } from 'vitest'
import { positionsOf, split } from './find'

describe('find', () => {
  it('finds without regard to case, one after the other', () => {
    expect(positionsOf('Aaaa', 'aa')).toEqual([0, 2])
    expect(positionsOf('anything', '')).toEqual([])
  })

  it('keeps positions where lower case is longer', () => {
    expect(positionsOf('İstanbul Invoice', 'invoice')).toEqual([9])
  })

  it('cuts a text at its hits', () => {
    expect(split('Tax and tax', 'TAX')).toEqual([
      { text: 'Tax', hit: true },
      { text: ' and ', hit: false },
      { text: 'tax', hit: true },
    ])
    expect(split('nothing', ' ')).toEqual([{ text: 'nothing', hit: false }])
  })
})
