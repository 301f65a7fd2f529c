import { describe, expect, it } from 'vitest'
import { parseQuota, showQuota } from './quota'

describe('quota', () => {
  it.each([
    ['', undefined],
    ['  ', undefined],
    ['10', 10_485_760],
    ['2,5', 2_621_440],
    ['0.25', 262_144],
    ['0', 0],
    ['-1', undefined],
    ['ten', undefined],
    ['1e10', undefined],
  ])('parses %j', (text, bytes) => {
    expect(parseQuota(text)).toBe(bytes)
  })

  it('formats what it parses to the same number of bytes', () => {
    for (const bytes of [0, 262_144, 104_857_600, 10_737_418_240]) expect(parseQuota(showQuota(bytes))).toBe(bytes)
  })
})
