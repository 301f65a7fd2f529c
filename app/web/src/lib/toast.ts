import type { ExternalToast, toast as Toast } from 'vue-sonner'
import { uuid } from './uuid'

/** Messages that come and go. Their code is fetched when the browser has nothing else to do. */
let loading: Promise<typeof Toast> | undefined
const load = () => (loading ??= import('vue-sonner').then((module) => module.toast).catch(reset))
function reset(error: unknown): never {
  loading = undefined
  throw error
}

type Kind = 'message' | 'error' | 'loading'

function show(kind: Kind, message: string, options: ExternalToast = {}): string | number {
  const id = options.id ?? uuid()
  load().then((toast) => toast[kind](message, { ...options, id }), () => {})
  return id
}

export const toast = {
  message: (message: string, options?: ExternalToast) => show('message', message, options),
  error: (message: string, options?: ExternalToast) => show('error', message, options),
  loading: (message: string, options?: ExternalToast) => show('loading', message, options),
  /** Without an id, all of them. */
  dismiss: (id?: string | number) => void load().then((toast) => toast.dismiss(id), () => {}),
}
