import { computed, inject, nextTick, onScopeDispose, provide, reactive, ref, shallowRef, useTemplateRef, type InjectionKey } from 'vue'
import { useI18n } from 'vue-i18n'
import { ApiProblem, type ProblemCode } from '@/api/problem'
import { useFormat } from './format'
import { useErrorMessage } from './useErrorMessage'

const CLEAR_ERROR: InjectionKey<(error: string) => void> = Symbol('clearError')
/** For fields: removes their error when they are edited. */
export const useClearError = () => inject(CLEAR_ERROR, () => {})

/**
 * Submits a form. `problemFields` maps problem codes to the field they are about; other problems are shown
 * above the form.
 * `name`: the `ref` of the form's element.
 */
export function useForm(problemFields: Partial<Record<ProblemCode, string>> = {}, name = 'form') {
  const { t } = useI18n()
  const format = useFormat()
  const errorMessage = useErrorMessage()
  const element = useTemplateRef<HTMLElement>(name)
  const busy = ref(false)
  const problem = shallowRef<unknown>()
  const errors = reactive<Record<string, string>>({})

  // Rate limited: the time to wait is counted down.
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

  provide(CLEAR_ERROR, (error) => {
    for (const field of Object.keys(errors)) if (errors[field] === error) delete errors[field]
  })

  function showProblem(failure: unknown) {
    if (!(failure instanceof ApiProblem)) return void (problem.value = failure)
    if (failure.code === 'too_many_requests' && failure.meta.retryAfter) wait(failure.meta.retryAfter)
    const named = failure.meta.errors ?? []
    for (const { field, message } of named) errors[field] = message
    const field = problemFields[failure.code]
    if (field) errors[field] = errorMessage(failure)
    else if (!named.length) problem.value = failure
  }

  /** Focuses the first invalid field. */
  async function focusFirstInvalid() {
    await nextTick()
    element.value?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus()
  }

  /** Sends unless a field is invalid; `undefined` when it failed. */
  async function submit<T>(send: () => Promise<T>, check?: () => void): Promise<{ answer: T } | undefined> {
    if (busy.value || waiting.value) return undefined
    clear()
    check?.()
    if (Object.values(errors).some(Boolean)) return void (await focusFirstInvalid())
    busy.value = true
    try {
      return { answer: await send() }
    } catch (failure) {
      showProblem(failure)
      await focusFirstInvalid()
      return undefined
    } finally {
      busy.value = false
    }
  }

  return { element, busy, error, errors, waiting, problem, submit, clear }
}
