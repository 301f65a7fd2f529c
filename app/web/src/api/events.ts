import { createParser, type EventSourceMessage } from 'eventsource-parser'
import { openEvents } from './client'

export type Connection = 'connecting' | 'open' | 'lost'

const DELAYS = [1, 2, 5, 15]

/** Milliseconds before the next attempt, with a quarter of jitter so that not all clients reconnect at once. */
export function backoff(failures: number, random = Math.random): number {
  const seconds = DELAYS[Math.min(failures, DELAYS.length) - 1] ?? DELAYS[0]!
  return Math.round(seconds * 1000 * (0.75 + random() * 0.5))
}

/** The server sends a comment every 15 seconds; a stream that is silent for longer is dead. */
const IDLE_TIMEOUT = 40_000

interface Handlers {
  onEvent: (event: EventSourceMessage) => void
  /** `reconnected`: the connection was lost before, so that events may be missing. */
  onOpen: (reconnected: boolean) => void
  onState: (state: Connection) => void
}

/** Subscribes to the server's events, and reconnects until `stop` is called. */
export function subscribeToEvents(handlers: Handlers): { stop: () => void; retryNow: () => void } {
  let lastId: string | undefined
  let failures = 0
  let stopped = false
  let wasOpen = false
  let current: AbortController | undefined
  let skipDelay: (() => void) | undefined

  async function connect() {
    const controller = new AbortController()
    current = controller
    let watchdog: ReturnType<typeof setTimeout> | undefined
    const resetWatchdog = () => {
      clearTimeout(watchdog)
      watchdog = setTimeout(() => controller.abort(), IDLE_TIMEOUT)
    }
    const parser = createParser({
      onEvent(event) {
        lastId = event.id ?? lastId
        handlers.onEvent(event)
      },
    })
    try {
      resetWatchdog()
      const reader = (await openEvents(lastId, controller.signal)).getReader()
      const decoder = new TextDecoder()
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return
        resetWatchdog()
        if (failures > 0 || !wasOpen) {
          handlers.onState('open')
          handlers.onOpen(failures > 0)
          wasOpen = true
          failures = 0
        }
        parser.feed(decoder.decode(value, { stream: true }))
      }
    } catch {
      // `run` reports the lost connection.
    } finally {
      clearTimeout(watchdog)
      controller.abort()
    }
  }

  async function run() {
    handlers.onState('connecting')
    while (!stopped) {
      await connect()
      if (stopped) return
      failures += 1
      handlers.onState('lost')
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, backoff(failures))
        skipDelay = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  const retryNow = () => skipDelay?.()
  window.addEventListener('online', retryNow)
  void run()
  return {
    retryNow,
    stop() {
      stopped = true
      window.removeEventListener('online', retryNow)
      current?.abort()
      skipDelay?.()
    },
  }
}
