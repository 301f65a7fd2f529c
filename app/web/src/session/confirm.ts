import { shallowRef } from 'vue'

/** The open request to confirm one's identity; the shell shows its dialog. */
export const confirmationRequest = shallowRef<{ answer: (confirmed: boolean) => void }>()

let pending: Promise<boolean> | undefined

/** Asks for the password again; concurrent requests share one dialog. `false`: cancelled. */
export function requestConfirmation(): Promise<boolean> {
  pending ??= new Promise<boolean>((resolve) => {
    confirmationRequest.value = { answer: resolve }
  }).finally(() => {
    confirmationRequest.value = undefined
    pending = undefined
  })
  return pending
}
