import { useQuery } from '@tanstack/vue-query'
import { authOptions } from '@/session/guard'

/** How one can sign in and register here. */
export const useAuthOptions = () => useQuery(authOptions)
