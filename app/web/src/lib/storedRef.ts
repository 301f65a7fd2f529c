import { ref, watch, type Ref } from 'vue'

function read<T extends string | boolean>(key: string, fallback: T): T {
  try {
    const raw = localStorage.getItem(key)
    if (raw === null) return fallback
    return (typeof fallback === 'boolean' ? raw === 'true' : raw) as T
  } catch {
    return fallback
  }
}

/** A setting that this browser remembers, the same in all its tabs. */
export function storedRef<T extends string | boolean>(key: string, fallback: T): Ref<T> {
  const value = ref(read(key, fallback)) as Ref<T>
  watch(value, (now) => {
    try {
      localStorage.setItem(key, String(now))
    } catch {
      // Storage may be forbidden: the choice holds for this visit.
    }
  })
  window.addEventListener('storage', (event) => {
    if (event.key === key) value.value = read(key, fallback)
  })
  return value
}
