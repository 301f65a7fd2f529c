import { toast } from './toast'

const DURATION = 8000
let last: (() => void) | undefined

/** Shows a message with an undo button for a while; `onExpire` is called if it was not undone. */
export function offerUndo(message: string, label: string, undo: () => void, onExpire?: () => void) {
  let open = true
  const close = (then?: () => void) => {
    if (!open) return
    open = false
    if (last === take) last = undefined
    then?.()
  }
  const take = () => {
    close(undo)
    toast.dismiss(id)
  }
  const keep = () => close(onExpire)
  const id = toast.message(message, { duration: DURATION, action: { label, onClick: take }, onDismiss: keep, onAutoClose: keep })
  last = take
}

/** Takes back what was done last; `false` when nothing is on offer. */
export function undoLast(): boolean {
  if (!last) return false
  last()
  return true
}
