import { defineAsyncComponent, type Component } from 'vue'

const idle = window.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 200))

/** How long to wait before a part that could not be fetched is asked for again. */
const PAUSE = 2_000

/** A part that the first paint does not need: fetched when the browser has nothing else to do. */
export function lazy<T extends Component>(loader: () => Promise<{ default: T }>) {
  idle(() => void loader().catch(() => {}))
  // Most likely the vault is being restarted: what somebody waits for comes as soon as it is back.
  return defineAsyncComponent({ loader, onError: (_error, retry) => void setTimeout(retry, PAUSE) })
}
