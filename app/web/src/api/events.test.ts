import { describe, expect, it } from 'vitest'
import { backoff, EventParser } from './events'

describe('event stream', () => {
  it('reads events however they are cut', () => {
    const stream = ': connected\n\nid: 7\nevent: document.updated\ndata: {"a":\ndata: 1}\n\nevent: resync\r\ndata: {}\r\n\r\n'
    for (let cut = 0; cut <= stream.length; cut += 1) {
      const parser = new EventParser()
      const events = [...parser.push(stream.slice(0, cut)), ...parser.push(stream.slice(cut))]
      expect(events).toEqual([
        { id: '7', name: 'document.updated', data: '{"a":\n1}' },
        { id: '7', name: 'resync', data: '{}' },
      ])
    }
  })

  it('ignores comments and events without data', () => {
    expect(new EventParser().push(': alive\n\nevent: x\n\n')).toEqual([])
  })

  it('waits longer each time, never the same for all', () => {
    const middle = [1, 2, 3, 4, 5, 9].map((failures) => backoff(failures, () => 0.5))
    expect(middle).toEqual([1000, 2000, 5000, 15_000, 15_000, 15_000])
    expect(backoff(4, () => 0)).toBe(11_250)
    expect(backoff(4, () => 1)).toBe(18_750)
  })
})
