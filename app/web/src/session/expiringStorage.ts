/** Short-lived entries in local storage, shared by all tabs. Without storage there are none. */
export function readEntry(key: string): string | undefined {
  try {
    const [text, until] = (localStorage.getItem(key) ?? '').split(' ')
    return text && Number(until) > Date.now() ? text : undefined
  } catch {
    return undefined
  }
}

/** `text` has no spaces; `ttl` is in milliseconds. `false`: storage is forbidden. */
export function writeEntry(key: string, text: string, ttl: number): boolean {
  try {
    localStorage.setItem(key, `${text} ${Date.now() + ttl}`)
    return true
  } catch {
    return false
  }
}

export function removeEntry(key: string) {
  try {
    localStorage.removeItem(key)
  } catch {
    // There was none.
  }
}

export const sleep = (time: number) => new Promise((resolve) => setTimeout(resolve, time))
