import { defineAsyncComponent, type Component } from 'vue'

const idle = window.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 200))

/** A part that the first paint does not need: fetched when the browser has nothing else to do. */
export function lazy<T extends Component>(load: () => Promise<{ default: T }>) {
  idle(() => void load().catch(() => {}))
  return defineAsyncComponent(load)
}
