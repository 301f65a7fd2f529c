import { openEvents } from './client'

export interface ServerEvent {
  id?: string
  name: string
  data: string
}

export type Connection = 'connecting' | 'open' | 'lost'

/** Reads an event stream (WHATWG HTML, 9.2.6) from pieces of text. */
export class EventParser {
  private rest = ''
  private name = ''
  private id: string | undefined
  private lines: string[] = []

  push(text: string): ServerEvent[] {
    const events: ServerEvent[] = []
    const parts = (this.rest + text).split(/\r\n|\n|\r(?!$)/)
    this.rest = parts.pop() ?? ''
    for (const line of parts) {
      if (line === '') this.dispatch(events)
      else this.field(line)
    }
    return events
  }

  private dispatch(events: ServerEvent[]) {
    if (this.lines.length) events.push({ id: this.id, name: this.name || 'message', data: this.lines.join('\n') })
    this.name = ''
    this.lines = []
  }

  private field(line: string) {
    const colon = line.indexOf(':')
    if (colon === 0) return
    const name = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (name === 'event') this.name = value
    else if (name === 'data') this.lines.push(value)
    else if (name === 'id') this.id = value
  }
}

const DELAYS = [1, 2, 5, 15]

/** Milliseconds before the next try, a quarter more or less so that not all clients come at once. */
export function backoff(failures: number, random = Math.random): number {
  const seconds = DELAYS[Math.min(failures, DELAYS.length) - 1] ?? DELAYS[0]!
  return Math.round(seconds * 1000 * (0.75 + random() * 0.5))
}

/** The vault sends a comment every 15 seconds; a stream that is silent for longer is dead. */
const SILENCE = 40_000

interface Handlers {
  event: (event: ServerEvent) => void
  /** `missed`: there were failures before, so that events may be missing. */
  opened: (missed: boolean) => void
  state: (state: Connection) => void
}

/** Follows the vault's events until `stop` is called, over and over again. */
export function followEvents(handlers: Handlers): { stop: () => void; retryNow: () => void } {
  let lastId: string | undefined
  let failures = 0
  let stopped = false
  let wasOpen = false
  let current: AbortController | undefined
  let wake: (() => void) | undefined

  async function connect() {
    const controller = new AbortController()
    current = controller
    let watchdog: ReturnType<typeof setTimeout> | undefined
    const alive = () => {
      clearTimeout(watchdog)
      watchdog = setTimeout(() => controller.abort(), SILENCE)
    }
    try {
      alive()
      const reader = (await openEvents(lastId, controller.signal)).getReader()
      const decoder = new TextDecoder()
      const parser = new EventParser()
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return
        alive()
        if (failures > 0 || !wasOpen) {
          handlers.state('open')
          handlers.opened(failures > 0)
          wasOpen = true
          failures = 0
        }
        for (const event of parser.push(decoder.decode(value, { stream: true }))) {
          lastId = event.id ?? lastId
          handlers.event(event)
        }
      }
    } catch {
      // Told by the state below.
    } finally {
      clearTimeout(watchdog)
      controller.abort()
    }
  }

  async function run() {
    handlers.state('connecting')
    while (!stopped) {
      await connect()
      if (stopped) return
      failures += 1
      handlers.state('lost')
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, backoff(failures))
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  const retryNow = () => wake?.()
  window.addEventListener('online', retryNow)
  void run()
  return {
    retryNow,
    stop() {
      stopped = true
      window.removeEventListener('online', retryNow)
      current?.abort()
      wake?.()
    },
  }
}
