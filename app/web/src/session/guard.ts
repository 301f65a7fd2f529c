import type { RouteLocationNormalized, RouteLocationRaw, Router } from 'vue-router'
import { fetchAuthOptions } from '@/api/accounts'
import { keys } from '@/api/keys'
import { queryClient } from '@/api/queryClient'
import { toast } from '@/lib/toast'
import { safeRedirect } from './redirect'
import { isAdmin, onSessionEnd, restoreSession, sessionState } from './session'

/** How one can sign in and register here. */
export const authOptions = {
  queryKey: keys.authOptions,
  queryFn: ({ signal }: { signal?: AbortSignal } = {}) => fetchAuthOptions(signal),
}

/** The sign-in page that leads back to where one is. */
const signInRoute = (to: RouteLocationNormalized): RouteLocationRaw => ({
  name: 'sign-in',
  query: to.fullPath === '/' || to.fullPath === '/library' ? {} : { next: to.fullPath },
})

/** Redirects to the sign-in page, or away from it. */
export async function guard(to: RouteLocationNormalized): Promise<RouteLocationRaw | boolean> {
  await restoreSession()
  if (to.meta.public) {
    if (sessionState.value === 'signed-in' && to.meta.public !== 'always') return safeRedirect(to.query.next)
    // Where the vault does not answer, the page says so itself.
    const options = await queryClient.fetchQuery({ ...authOptions, retry: false }).catch(() => undefined)
    if (options?.setup_required && to.name !== 'setup') return { name: 'setup' }
    if (options && !options.setup_required && to.name === 'setup') return { name: 'sign-in' }
    return true
  }
  if (sessionState.value === 'signed-out') return signInRoute(to)
  if (to.meta.admin && sessionState.value === 'signed-in' && !isAdmin.value) {
    return { name: 'missing', params: { path: to.path.slice(1).split('/') }, query: to.query, hash: to.hash, replace: true }
  }
  return true
}

/** Leads to the sign-in page when the session is over, and forgets what belonged to it. */
export function redirectOnSessionEnd(router: Router) {
  onSessionEnd((end) => {
    void (async () => {
      const here = router.currentRoute.value
      if (here.matched.length && !here.meta.public) await router.replace(end === 'signed-out' ? { name: 'sign-in' } : signInRoute(here))
      queryClient.clear()
      toast.dismiss()
    })()
  })
}
