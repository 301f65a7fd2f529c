import { ref, type Ref } from 'vue'

const STEPS = [0.25, 0.33, 0.5, 0.67, 0.75, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4, 5]

type ZoomMode = 'width' | 'page' | number

export interface Zoom {
  /** A fit, or how many times its true size. */
  mode: Ref<ZoomMode>
  in: () => void
  out: () => void
  actual: () => void
  toggleFit: () => void
}

/** `shown` is the scale that a fit comes to at the moment. */
export function useZoom(shown: () => number): Zoom {
  const mode = ref<ZoomMode>('width')
  return {
    mode,
    in: () => (mode.value = STEPS.find((step) => step > shown() * 1.01) ?? STEPS.at(-1)!),
    out: () => (mode.value = STEPS.findLast((step) => step < shown() * 0.99) ?? STEPS[0]!),
    actual: () => (mode.value = 1),
    toggleFit: () => (mode.value = mode.value === 'width' ? 'page' : 'width'),
  }
}
