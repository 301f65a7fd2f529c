import { defineAsyncComponent, type Component } from 'vue'

const idle = window.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 200))

/** How long to wait before a part that could not be fetched is asked for again. */
const RETRY_DELAY = 2_000

/** A part that the first setHighlights does not need: fetched when the browser has nothing else to do. */
export function lazyComponent<T extends Component>(loader: () => Promise<{ default: T }>) {
  idle(() => void loader().catch(() => {}))
  // The server is probably restarting: retry until it is back.
  return defineAsyncComponent({ loader, onError: (_error, retry) => void setTimeout(retry, RETRY_DELAY) })
}
