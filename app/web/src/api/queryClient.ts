import { QueryClient } from '@tanstack/vue-query'
import { ApiProblem } from './problem'

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // The vault may be on this very machine: being offline says nothing about reaching it.
      networkMode: 'always',
      // Events keep what is shown up to date.
      staleTime: 60_000,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      retry: (failures, error) => failures < 2 && error instanceof ApiProblem && error.transient,
    },
    mutations: { networkMode: 'always' },
  },
})
