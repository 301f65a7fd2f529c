import { useQuery } from '@tanstack/vue-query'
import { api, data } from '../client'
import { keys } from '../keys'

/** All topics by name, with their counts. */
export function useTopics() {
  return useQuery({
    queryKey: keys.topics,
    queryFn: async ({ signal }) => (await data(api.GET('/api/topics', { signal }))).items,
  })
}
