import { ref } from 'vue'

/** What the status region says: at most one message in two seconds, so that each can be heard. */
export const announcement = ref('')

const PAUSE = 2000
const waiting: string[] = []
let timer: ReturnType<typeof setTimeout> | undefined

export function announce(text: string) {
  waiting.push(text)
  if (!timer) next()
}

function next() {
  const text = waiting.shift()
  timer = text === undefined ? undefined : setTimeout(next, PAUSE)
  if (text !== undefined) announcement.value = text
}
