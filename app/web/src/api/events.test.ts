import type { EventSourceMessage } from 'eventsource-parser'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openEvents } from './client'
import { backoff, subscribeToEvents, type Connection } from './events'

vi.mock('./client', () => ({ openEvents: vi.fn() }))

/** A response body that the test writes to. */
interface Connected {
  lastId: string | undefined
  write: (bytes: Uint8Array | string) => Promise<void>
  close: () => Promise<void>
}

describe('event stream', () => {
  const connections: Connected[] = []
  let events: EventSourceMessage[]
  let states: Connection[]
  let reopened: boolean[]
  let subscription: ReturnType<typeof subscribeToEvents>
  const settle = () => vi.advanceTimersByTimeAsync(0)

  beforeEach(async () => {
    vi.useFakeTimers()
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    connections.length = 0
    vi.mocked(openEvents).mockImplementation(async (lastId, signal) => {
      let controller!: ReadableStreamDefaultController<Uint8Array>
      const body = new ReadableStream<Uint8Array>({ start: (started) => void (controller = started) })
      signal.addEventListener('abort', () => {
        try {
          controller.error(new DOMException('', 'AbortError'))
        } catch {
          // Closed already.
        }
      })
      connections.push({
        lastId,
        async write(bytes) {
          controller.enqueue(typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes)
          await settle()
        },
        async close() {
          controller.close()
          await settle()
        },
      })
      return body
    })
    subscribe()
    await settle()
  })
  afterEach(() => {
    subscription.stop()
    vi.useRealTimers()
  })

  function subscribe() {
    events = []
    states = []
    reopened = []
    subscription = subscribeToEvents({
      onEvent: (event) => events.push(event),
      onState: (state) => states.push(state),
      onOpen: (reconnected) => reopened.push(reconnected),
    })
  }

  it('delivers the same events wherever the stream is split', async () => {
    const stream = new TextEncoder().encode(
      '\uFEFF: connected\n\nid: 7\nevent: document.updated\ndata: {"a":\ndata: "ä€😀"}\n\nretry: 9\n\nevent: resync\r\ndata: {}\r\n\r\n',
    )
    for (let split = 0; split <= stream.length; split += 1) {
      subscription.stop()
      subscribe()
      await settle()
      await connections.at(-1)!.write(stream.slice(0, split))
      await connections.at(-1)!.write(stream.slice(split))
      expect(events).toEqual([
        { id: '7', event: 'document.updated', data: '{"a":\n"ä€😀"}' },
        { id: undefined, event: 'resync', data: '{}' },
      ])
    }
  })

  it('opens with the first comment, and delivers neither comments nor events without data', async () => {
    expect(states).toEqual(['connecting'])
    await connections[0]!.write(': connected\n\nevent: x\n\n')
    expect(states).toEqual(['connecting', 'open'])
    expect(reopened).toEqual([false])
    expect(events).toEqual([])
  })

  it('reconnects with the last id, which events without an id leave as it was', async () => {
    expect(connections[0]!.lastId).toBeUndefined()
    await connections[0]!.write('id: 7\ndata: {}\n\nid: 8\ndata: {}\n\nevent: resync\ndata: {}\n\n')
    await connections[0]!.close()
    expect(states).toEqual(['connecting', 'open', 'lost'])
    await vi.advanceTimersByTimeAsync(999)
    expect(connections).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(connections[1]!.lastId).toBe('8')
    await connections[1]!.write(': connected\n\n')
    expect(states).toEqual(['connecting', 'open', 'lost', 'open'])
    expect(reopened).toEqual([false, true])
  })

  it('does not mix half an event of the lost connection into the next one', async () => {
    await connections[0]!.write('id: 7\nevent: document.updated\ndata: {"ha')
    await connections[0]!.close()
    await vi.advanceTimersByTimeAsync(1000)
    await connections[1]!.write('data: {}\n\n')
    expect(events).toEqual([{ id: undefined, event: undefined, data: '{}' }])
    expect(connections[1]!.lastId).toBeUndefined()
  })

  it('reconnects a silent connection, unless comments keep it alive', async () => {
    await connections[0]!.write(': connected\n\n')
    for (let beats = 0; beats < 5; beats += 1) {
      await vi.advanceTimersByTimeAsync(39_000)
      await connections[0]!.write(': alive\n\n')
    }
    expect(states).toEqual(['connecting', 'open'])
    await vi.advanceTimersByTimeAsync(40_000)
    expect(states).toEqual(['connecting', 'open', 'lost'])
  })

  it('reconnects at once when asked to, and never again once stopped', async () => {
    await connections[0]!.close()
    subscription.retryNow()
    await settle()
    expect(connections).toHaveLength(2)
    subscription.stop()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(connections).toHaveLength(2)
  })

  it('waits longer after each failure, with jitter', () => {
    const middle = [1, 2, 3, 4, 5, 9].map((failures) => backoff(failures, () => 0.5))
    expect(middle).toEqual([1000, 2000, 5000, 15_000, 15_000, 15_000])
    expect(backoff(4, () => 0)).toBe(11_250)
    expect(backoff(4, () => 1)).toBe(18_750)
  })
})
