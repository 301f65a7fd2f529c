import { describe, expect, it } from 'vitest'
import { parseQuota, showQuota } from './quota'

describe('quota', () => {
  it.each([
    ['', undefined],
    ['  ', undefined],
    ['10', 10_000_000_000],
    ['2,5', 2_500_000_000],
    ['0.25', 250_000_000],
    ['0', 0],
    ['-1', undefined],
    ['ten', undefined],
    ['1e9', undefined],
  ])('reads %j', (text, bytes) => {
    expect(parseQuota(text)).toBe(bytes)
  })

  it('shows what it reads', () => {
    for (const bytes of [0, 250_000_000, 10_000_000_000]) expect(parseQuota(showQuota(bytes))).toBe(bytes)
  })
})
