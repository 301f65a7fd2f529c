import type { RouteLocationNormalized, RouteLocationRaw, Router } from 'vue-router'
import { fetchAuthOptions } from '@/api/accounts'
import { keys } from '@/api/keys'
import { queryClient } from '@/api/queryClient'
import { toast } from '@/lib/toast'
import { safeNext } from './next'
import { isAdmin, onEnded, started, state } from './session'

/** What the vault lets strangers do; asked once in a while. */
export const authOptions = {
  queryKey: keys.authOptions,
  queryFn: ({ signal }: { signal?: AbortSignal } = {}) => fetchAuthOptions(signal),
}

/** The sign-in page that leads back to where one is. */
const signInFrom = (to: RouteLocationNormalized): RouteLocationRaw => ({
  name: 'sign-in',
  query: to.fullPath === '/' || to.fullPath === '/library' ? {} : { next: to.fullPath },
})

/** Nobody comes to a page that is not for them. */
export async function guard(to: RouteLocationNormalized): Promise<RouteLocationRaw | boolean> {
  await started()
  if (to.meta.outside) {
    if (state.value === 'in' && to.meta.outside !== 'always') return safeNext(to.query.next)
    // Where the vault does not answer, the page says so itself.
    const options = await queryClient.fetchQuery({ ...authOptions, retry: false }).catch(() => undefined)
    if (options?.setup_required && to.name !== 'setup') return { name: 'setup' }
    if (options && !options.setup_required && to.name === 'setup') return { name: 'sign-in' }
    return true
  }
  if (state.value === 'out') return signInFrom(to)
  if (to.meta.admin && state.value === 'in' && !isAdmin.value) {
    return { name: 'missing', params: { path: to.path.slice(1).split('/') }, query: to.query, hash: to.hash, replace: true }
  }
  return true
}

/** Leads to the sign-in page when the session is over, and forgets what belonged to it. */
export function followSession(router: Router) {
  onEnded((end) => {
    void (async () => {
      const here = router.currentRoute.value
      if (here.matched.length && !here.meta.outside) await router.replace(end === 'left' ? { name: 'sign-in' } : signInFrom(here))
      queryClient.clear()
      toast.dismiss()
    })()
  })
}
