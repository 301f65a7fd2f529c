import { defineStore } from 'pinia'
import { computed, reactive, ref, shallowReactive } from 'vue'
import { ApiProblem } from '@/api/problem'
import type { Document } from '@/api/types'
import { sendFile } from '@/api/upload'
import { uuid } from '@/lib/uuid'
import { onSessionEnd } from '@/session/session'

/** `refused`: sending it again would not help. `duplicate`: the person decides. */
export type UploadState = 'waiting' | 'sending' | 'sent' | 'duplicate' | 'refused' | 'failed' | 'cancelled'

export interface Upload {
  id: string
  file: File
  /** The folders it came from, for telling files of one name apart. */
  folder: string
  key: string
  keepBoth: boolean
  sent: number
  state: UploadState
  problem?: ApiProblem
  documentId?: string
}

export interface PickedFile {
  file: File
  folder: string
}

const MAX_CONCURRENT = 3
/**
 * The server holds the idempotency key of a lost attempt until it notices the broken connection: a
 * minute at most.
 */
const RETRY_WINDOW = 90_000

export const useUploads = defineStore('uploads', () => {
  const items = ref<Upload[]>([])
  const open = ref(false)
  const collapsed = ref(false)
  const abortControllers = shallowReactive(new Map<string, AbortController>())
  const listeners = new Set<(document: Document) => void>()

  const inState = (...states: UploadState[]) => items.value.filter(({ state }) => states.includes(state))
  const active = computed(() => inState('waiting', 'sending'))
  const sentCount = computed(() => inState('sent').length)
  const retryable = computed(() => inState('failed', 'cancelled'))
  const needsAttention = computed(() => inState('failed', 'refused', 'duplicate'))

  const progress = computed(() => {
    const counted = inState('waiting', 'sending', 'sent')
    const total = counted.reduce((sum, { file }) => sum + file.size, 0)
    const sent = counted.reduce((sum, item) => sum + (item.state === 'sent' ? item.file.size : Math.min(item.sent, item.file.size)), 0)
    return { total, sent, share: total ? sent / total : 0 }
  })

  // Bytes a second, smoothed over some seconds.
  const speed = ref(0)
  let measuredAt = 0
  let measuredBytes = 0
  function measure(bytes: number) {
    const now = performance.now()
    measuredBytes += bytes
    const elapsed = (now - measuredAt) / 1000
    if (elapsed < 0.5) return
    const rate = measuredBytes / elapsed
    speed.value = speed.value ? speed.value * 0.7 + rate * 0.3 : rate
    measuredAt = now
    measuredBytes = 0
  }
  const secondsLeft = computed(() => (speed.value ? (progress.value.total - progress.value.sent) / speed.value : undefined))

  function add(files: PickedFile[]) {
    if (!files.length) return
    // Reactive before the first change, so that progress is seen.
    const added = files.map(({ file, folder }) =>
      reactive<Upload>({ id: uuid(), file, folder, key: uuid(), keepBoth: false, sent: 0, state: 'waiting' }),
    )
    for (const item of added) {
      if (item.file.size > 0) continue
      item.state = 'refused'
      item.problem = new ApiProblem('empty_file', 0)
    }
    if (!open.value) collapsed.value = matchMedia('(max-width: 639px)').matches
    items.value.push(...added)
    open.value = true
    startNext()
  }

  function startNext() {
    const sending = inState('sending').length
    if (!sending) {
      measuredAt = performance.now()
      measuredBytes = 0
      speed.value = 0
    }
    const next = inState('waiting').slice(0, MAX_CONCURRENT - sending)
    for (const item of next) void send(item)
  }

  async function send(item: Upload, since = Date.now()) {
    const abort = new AbortController()
    abortControllers.set(item.id, abort)
    item.state = 'sending'
    item.sent = 0
    item.problem = undefined
    try {
      const document = await sendFile(item.file, {
        key: item.key,
        keepBoth: item.keepBoth,
        signal: abort.signal,
        progress(bytes) {
          measure(Math.max(0, bytes - item.sent))
          item.sent = bytes
        },
      })
      item.state = 'sent'
      item.documentId = document.id
      for (const listener of listeners) listener(document)
    } catch (error) {
      if (abort.signal.aborted) item.state = 'cancelled'
      else if (error instanceof ApiProblem && error.code === 'idempotency_in_progress' && Date.now() - since < RETRY_WINDOW) {
        item.problem = error
        setTimeout(() => item.state === 'sending' && void send(item, since), (error.meta.retryAfter ?? 2) * 1000)
        return
      } else fail(item, error)
    } finally {
      abortControllers.delete(item.id)
    }
    startNext()
  }

  function fail(item: Upload, error: unknown) {
    const problem = error instanceof ApiProblem ? error : new ApiProblem('unexpected', 0)
    item.problem = problem
    if (problem.code === 'duplicate_document') {
      item.state = 'duplicate'
      item.documentId = problem.meta.documentId ?? undefined
    } else item.state = problem.transient || problem.code === 'internal' || problem.code === 'malformed_body' ? 'failed' : 'refused'
  }

  function queueAgain(item: Upload) {
    item.state = 'waiting'
    item.sent = 0
  }
  function retry(item: Upload) {
    queueAgain(item)
    startNext()
  }
  function retryAll() {
    retryable.value.forEach(queueAgain)
    startNext()
  }
  function keepBoth(item: Upload) {
    item.keepBoth = true
    // Another request than the one that was refused.
    item.key = uuid()
    retry(item)
  }
  function cancel(item: Upload) {
    if (item.state === 'waiting') item.state = 'cancelled'
    const abort = abortControllers.get(item.id)
    if (abort) abort.abort()
    // Between two tries there is nothing to abort.
    else if (item.state === 'sending') {
      item.state = 'cancelled'
      startNext()
    }
  }
  const cancelAll = () => active.value.forEach(cancel)

  function remove(item: Upload) {
    items.value = items.value.filter(({ id }) => id !== item.id)
    if (!items.value.length) open.value = false
  }
  /** Errors stay until they are read. */
  function clearDone() {
    items.value = inState('waiting', 'sending', 'duplicate', 'failed', 'refused')
    if (!items.value.length) open.value = false
  }
  function close() {
    items.value = active.value
    open.value = false
  }

  // What one person uploads is not the next one's business.
  onSessionEnd((end) => {
    if (end !== 'signed-out') return
    cancelAll()
    items.value = []
    open.value = false
  })

  const onSent = (listener: (document: Document) => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  return {
    items, open, collapsed, active, sentCount, retryable, needsAttention, progress, speed, secondsLeft,
    add, retry, retryAll, keepBoth, cancel, cancelAll, remove, clearDone, close, onSent,
  }
})
