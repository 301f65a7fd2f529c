import { shallowRef } from 'vue'

/** Somebody is asked for the password again; the shell shows the question. */
export const question = shallowRef<{ answer: (proven: boolean) => void }>()

let asked: Promise<boolean> | undefined

/** Asks for the password again. All who ask meanwhile share one question. `false`: the person would rather not. */
export function confirmAgain(): Promise<boolean> {
  asked ??= new Promise<boolean>((resolve) => {
    question.value = { answer: resolve }
  }).finally(() => {
    question.value = undefined
    asked = undefined
  })
  return asked
}
