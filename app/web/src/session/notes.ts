/** Notes that all tabs of this browser see, and that hold for a while. Without storage there are none. */
export function readNote(key: string): string | undefined {
  try {
    const [text, until] = (localStorage.getItem(key) ?? '').split(' ')
    return text && Number(until) > Date.now() ? text : undefined
  } catch {
    return undefined
  }
}

/** `text` has no spaces; `life` is in milliseconds. `false`: storage is forbidden. */
export function writeNote(key: string, text: string, life: number): boolean {
  try {
    localStorage.setItem(key, `${text} ${Date.now() + life}`)
    return true
  } catch {
    return false
  }
}

export function removeNote(key: string) {
  try {
    localStorage.removeItem(key)
  } catch {
    // There was none.
  }
}

export const pause = (time: number) => new Promise((resolve) => setTimeout(resolve, time))
