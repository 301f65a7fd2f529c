import type { QueryClient } from '@tanstack/vue-query'
import { keys } from './keys'
import { cachedDocument, updateCachedDocument } from './documentCache'
import type { Document } from './types'

/** Shows a change at once, and takes it back when the vault refuses it. */
export async function optimistic<T>(
  client: QueryClient,
  ids: readonly string[],
  change: (document: Document) => Document,
  call: () => Promise<T>,
): Promise<T> {
  const before = [
    ...client.getQueriesData({ queryKey: keys.lists }),
    ...ids.map((id) => [keys.document(id), client.getQueryData(keys.document(id))] as const),
  ]
  for (const id of ids) {
    const known = cachedDocument(client, id)
    if (known) updateCachedDocument(client, change(known))
  }
  try {
    return await call()
  } catch (error) {
    for (const [key, value] of before) client.setQueryData(key, value)
    throw error
  }
}
