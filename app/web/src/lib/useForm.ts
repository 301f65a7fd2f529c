import { computed, inject, nextTick, onScopeDispose, provide, reactive, ref, shallowRef, useTemplateRef, type InjectionKey } from 'vue'
import { useI18n } from 'vue-i18n'
import { ApiProblem, type ProblemCode } from '@/api/problem'
import { useFormat } from './format'
import { useErrorMessage } from './useErrorMessage'

const FORGET: InjectionKey<(error: string) => void> = Symbol('forget')
/** For fields: takes an error back, because what it was about is being changed. */
export const useForget = () => inject(FORGET, () => {})

/**
 * A form on its way to the vault. `blame` says which field a problem is about; problems that are about
 * none are told above the form. Nothing that was typed is lost.
 * `name`: the `ref` of the form's element.
 */
export function useForm(blame: Partial<Record<ProblemCode, string>> = {}, name = 'form') {
  const { t } = useI18n()
  const format = useFormat()
  const errorMessage = useErrorMessage()
  const element = useTemplateRef<HTMLElement>(name)
  const busy = ref(false)
  const problem = shallowRef<unknown>()
  const errors = reactive<Record<string, string>>({})

  // Tried too often: how long to wait is told, and counted down.
  const waiting = ref(0)
  let timer: ReturnType<typeof setInterval> | undefined
  function wait(seconds: number) {
    clearInterval(timer)
    const until = Date.now() + seconds * 1000
    waiting.value = seconds
    timer = setInterval(() => {
      waiting.value = Math.max(0, Math.ceil((until - Date.now()) / 1000))
      if (waiting.value) return
      clearInterval(timer)
      problem.value = undefined
    }, 500)
  }
  onScopeDispose(() => clearInterval(timer))

  const error = computed(() => {
    if (waiting.value) return t('problem.wait', { time: format.duration(waiting.value) })
    return problem.value === undefined ? '' : errorMessage(problem.value)
  })

  function clear() {
    problem.value = undefined
    for (const field of Object.keys(errors)) delete errors[field]
  }

  provide(FORGET, (error) => {
    for (const field of Object.keys(errors)) if (errors[field] === error) delete errors[field]
  })

  function tell(failure: unknown) {
    if (!(failure instanceof ApiProblem)) return void (problem.value = failure)
    if (failure.code === 'too_many_requests' && failure.meta.retryAfter) wait(failure.meta.retryAfter)
    const named = failure.meta.errors ?? []
    for (const { field, message } of named) errors[field] = message
    const field = blame[failure.code]
    if (field) errors[field] = errorMessage(failure)
    else if (!named.length) problem.value = failure
  }

  /** Focus goes to the first field that is wrong. */
  async function focusWrong() {
    await nextTick()
    element.value?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus()
  }

  /** Sends unless a field is wrong already; `undefined` when it did not go well. */
  async function submit<T>(send: () => Promise<T>, check?: () => void): Promise<{ answer: T } | undefined> {
    if (busy.value || waiting.value) return undefined
    clear()
    check?.()
    if (Object.values(errors).some(Boolean)) return void (await focusWrong())
    busy.value = true
    try {
      return { answer: await send() }
    } catch (failure) {
      tell(failure)
      await focusWrong()
      return undefined
    } finally {
      busy.value = false
    }
  }

  return { element, busy, error, errors, waiting, problem, submit, clear, tell }
}
