import { useQuery } from '@tanstack/vue-query'
import { authOptions } from '@/session/guard'

/** What the vault lets strangers do. */
export const useAuthOptions = () => useQuery(authOptions)
