import { computed, ref, type ComputedRef } from 'vue'
import type { Document } from '@/api/types'
import { useSelection } from '@/stores/selection'

export type ListMode = 'library' | 'review' | 'trash'

const LONG_PRESS = 450
const WOBBLE = 10

/** How pointers and keys move the cursor of a list and select its documents. */
export function useListSelection(items: ComputedRef<Document[]>, open: (document: Document) => void) {
  const selection = useSelection()
  const cursorId = ref<string | null>(null)
  const order = computed(() => items.value.map(({ id }) => id))
  const cursor = computed(() => Math.max(0, cursorId.value === null ? 0 : order.value.indexOf(cursorId.value)))
  const current = computed(() => items.value[cursor.value])

  function check(document: Document, event: MouseEvent) {
    cursorId.value = document.id
    if (event.shiftKey) selection.extend(order.value, document.id)
    else selection.toggle(document.id)
  }

  /** Moves the cursor by rows; with `extend` the selection grows from where it was. */
  function move(to: number, extend: boolean): number {
    const index = Math.max(0, Math.min(items.value.length - 1, to))
    const document = items.value[index]
    if (!document) return index
    if (extend) {
      const from = current.value
      if (selection.anchor === null && from) selection.only(from.id)
      selection.extend(order.value, document.id)
    }
    cursorId.value = document.id
    return index
  }

  let touched = false
  let pressed: { timer: ReturnType<typeof setTimeout>; x: number; y: number } | undefined

  function release() {
    clearTimeout(pressed?.timer)
    pressed = undefined
  }
  function pointerdown(document: Document, event: PointerEvent) {
    touched = event.pointerType !== 'mouse'
    suppressed = false
    if (!touched) return
    release()
    const timer = setTimeout(() => {
      pressed = undefined
      suppressed = true
      cursorId.value = document.id
      if (!selection.has(document.id)) selection.toggle(document.id)
      navigator.vibrate?.(10)
    }, LONG_PRESS)
    pressed = { timer, x: event.clientX, y: event.clientY }
  }
  function pointermove(event: PointerEvent) {
    if (pressed && Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > WOBBLE) release()
  }

  // A long press may end in a click, which must not undo it.
  let suppressed = false

  /** While selecting by touch, a tap anywhere in a row selects: links and buttons do not get it. */
  function clickCapture(document: Document, event: MouseEvent) {
    release()
    if (!touched || !(suppressed || selection.count > 0)) return
    event.preventDefault()
    event.stopPropagation()
    if (!suppressed) check(document, event)
    suppressed = false
  }
  function click(document: Document, event: MouseEvent) {
    if (event.shiftKey || event.ctrlKey || event.metaKey) return check(document, event)
    cursorId.value = document.id
    if (touched) open(document)
  }
  function contextmenu(event: Event) {
    // Touch opens no menu: a long press selects.
    if (touched) {
      event.preventDefault()
      event.stopPropagation()
    }
  }

  return { cursor, current, cursorId, check, move, click, clickCapture, pointerdown, pointermove, release, contextmenu }
}
