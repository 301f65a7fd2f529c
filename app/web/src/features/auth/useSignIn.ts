import { ref } from 'vue'
import { linkSso, login } from '@/api/accounts'
import type { SignedIn } from '@/api/types'
import { ApiProblem } from '@/api/problem'
import { useForm } from '@/lib/useForm'
import { csrfToken } from '@/session/cookie'
import { startSession } from '@/session/session'

export type Step = 'password' | 'code' | 'recovery' | 'enrol'

/**
 * Signing in, step by step: password, then a code when one is asked for, or the enrolment that the
 * instance demands. `link`: an account of another service waits to be linked.
 */
export function useSignIn(link: () => boolean) {
  const form = useForm({ invalid_totp: 'code' })
  const step = ref<Step>('password')
  const name = ref('')
  const password = ref('')
  const code = ref('')
  /** Opens the enrolment only. */
  const enrolmentToken = ref('')

  async function send(): Promise<SignedIn> {
    const totp = step.value === 'password' ? {} : { totp: code.value.trim() }
    if (link()) return linkSso(csrfToken() ?? '', { password: password.value, ...totp })
    return login({ login: name.value.trim(), password: password.value, ...totp })
  }

  /** What looks like an error may be the next step. */
  async function attempt(): Promise<SignedIn | Step> {
    try {
      return await send()
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      if (error.code === 'totp_required' && step.value === 'password') return 'code'
      if (error.code === 'totp_enrolment_required' && error.meta.enrolmentToken) {
        enrolmentToken.value = error.meta.enrolmentToken
        return 'enrol'
      }
      // The password was changed meanwhile: from the beginning.
      if (error.code === 'invalid_credentials') step.value = 'password'
      throw error
    }
  }

  async function submit(check?: () => void) {
    const sent = await form.submit(attempt, check)
    if (!sent) {
      code.value = ''
      return
    }
    if (typeof sent.answer === 'string') go(sent.answer)
    else startSession(sent.answer)
  }

  function go(next: Step) {
    form.clear()
    code.value = ''
    step.value = next
  }

  return { ...form, step, name, password, code, enrolmentToken, submit, go }
}
