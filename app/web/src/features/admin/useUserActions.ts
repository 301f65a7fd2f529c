import { useI18n } from 'vue-i18n'
import { patchUser, removeUserTotp, resetUserPassword, signOutUser } from '@/api/accounts'
import type { AdminUser, ResetLink } from '@/api/types'
import { toast } from '@/lib/toast'
import { useErrorMessage } from '@/lib/useErrorMessage'

/** What administrators can do to an account at once; each waits for the vault and says how it went. */
export function useUserActions(refresh: () => Promise<unknown>, linked: (user: AdminUser, link: ResetLink) => void) {
  const { t } = useI18n()
  const errorMessage = useErrorMessage()

  async function act<T>(call: () => Promise<T>, message?: string): Promise<T | undefined> {
    try {
      const answer = await call()
      if (message) toast.message(message)
      return answer
    } catch (error) {
      toast.error(errorMessage(error))
      return undefined
    } finally {
      await refresh()
    }
  }

  const changeRole = (user: AdminUser) => {
    const role = user.role === 'admin' ? 'user' : 'admin'
    return act(() => patchUser(user.id, { role }), t(role === 'admin' ? 'users.nowAdmin' : 'users.nowUser', { handle: user.handle }))
  }
  const changeDisabled = (user: AdminUser) =>
    act(() => patchUser(user.id, { disabled: !user.disabled }), t(user.disabled ? 'users.enabled' : 'users.disabled', { handle: user.handle }))
  const signOut = (user: AdminUser) => act(() => signOutUser(user.id), t('users.signedOut', { handle: user.handle }))
  const removeTotp = (user: AdminUser) => act(() => removeUserTotp(user.id), t('users.totpRemoved', { handle: user.handle }))
  async function resetPassword(user: AdminUser) {
    const link = await act(() => resetUserPassword(user.id))
    if (link) linked(user, link)
  }

  return { changeRole, changeDisabled, signOut, removeTotp, resetPassword }
}
