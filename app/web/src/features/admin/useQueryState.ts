import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'

/** Filters that stand in the address: a page can be sent on and come back to. */
export function useQueryState<Name extends string>(names: readonly Name[]) {
  const route = useRoute()
  const router = useRouter()

  const values = computed(() => {
    const found: Partial<Record<Name, string>> = {}
    for (const name of names) {
      const value = route.query[name]
      if (typeof value === 'string' && value) found[name] = value
    }
    return found
  })
  const filtered = computed(() => Object.keys(values.value).length > 0)

  function set(changes: Partial<Record<Name, string | undefined>>) {
    const query = { ...route.query }
    for (const [name, value] of Object.entries<string | undefined>(changes as Record<string, string | undefined>)) {
      if (value) query[name] = value
      else delete query[name]
    }
    return router.replace({ query })
  }
  const clear = () => set(Object.fromEntries(names.map((name) => [name, undefined])) as Partial<Record<Name, undefined>>)

  return { values, filtered, set, clear }
}
