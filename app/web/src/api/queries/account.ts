import { useInfiniteQuery, useQuery } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { updateUser } from '@/session/session'
import { fetchAudit, fetchInvites, fetchMail, fetchMe, fetchSessions, fetchTokens, fetchUsers } from '../accounts'
import type { AuditFilter, UserFilter } from '../types'
import { keys } from '../keys'
import { queryClient } from '../queryClient'

/** One's own account, with the space it uses. */
export function useMe() {
  return useQuery({
    queryKey: keys.me,
    queryFn: async ({ signal }) => {
      const me = await fetchMe(signal)
      updateUser(me)
      return me
    },
  })
}
export const refreshMe = () => queryClient.invalidateQueries({ queryKey: keys.me })

export const useSessions = () => useQuery({ queryKey: keys.sessions, queryFn: ({ signal }) => fetchSessions(signal), staleTime: 0 })
export const useTokens = () => useQuery({ queryKey: keys.tokens, queryFn: ({ signal }) => fetchTokens(signal), staleTime: 0 })
export const useInvites = () => useQuery({ queryKey: keys.invites, queryFn: ({ signal }) => fetchInvites(signal), staleTime: 0 })
export const useMail = () => useQuery({ queryKey: keys.mail, queryFn: ({ signal }) => fetchMail(signal) })

/** Accounts, page by page. */
export const useUsers = (filter: MaybeRefOrGetter<UserFilter>) =>
  useInfiniteQuery({
    queryKey: computed(() => keys.userList(toValue(filter))),
    queryFn: ({ pageParam, signal }) => fetchUsers(toValue(filter), pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: (before) => before,
    staleTime: 0,
  })

/** The audit trail, newest first. */
export const useAudit = (filter: MaybeRefOrGetter<AuditFilter>, enabled: MaybeRefOrGetter<boolean>) =>
  useInfiniteQuery({
    queryKey: computed(() => keys.audit(toValue(filter))),
    queryFn: ({ pageParam, signal }) => fetchAudit(toValue(filter), pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: (before) => before,
    staleTime: 0,
    enabled: () => toValue(enabled),
  })
