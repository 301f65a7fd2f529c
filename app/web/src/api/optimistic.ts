import type { QueryClient } from '@tanstack/vue-query'
import { keys } from './keys'
import { knownDocument, placeDocument } from './patches'
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
    ...ids.map((id) => [keys.one(id), client.getQueryData(keys.one(id))] as const),
  ]
  for (const id of ids) {
    const known = knownDocument(client, id)
    if (known) placeDocument(client, change(known))
  }
  try {
    return await call()
  } catch (error) {
    for (const [key, value] of before) client.setQueryData(key, value)
    throw error
  }
}
