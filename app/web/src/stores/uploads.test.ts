import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiProblem } from '@/api/problem'
import { sendFile } from '@/api/upload'
import { useUploads } from './uploads'

vi.mock('@/api/upload', () => ({ sendFile: vi.fn() }))

/** Uploads that end when the test says so. */
const pending: { key: string; keepBoth: boolean; progress: (n: number) => void; ok: () => void; fail: (error: unknown) => void }[] = []
const flush = () => new Promise((resolve) => setTimeout(resolve))
const file = (name: string, size = 10) => ({ file: new File([new Uint8Array(size)], name), folder: '' })

describe('upload queue', () => {
  beforeEach(() => {
    setActivePinia(createPinia())
    pending.length = 0
    vi.mocked(sendFile).mockReset()
    vi.mocked(sendFile).mockImplementation(
      (_, { key, keepBoth, progress, signal }) =>
        new Promise((resolve, reject) => {
          signal.addEventListener('abort', () => reject(new DOMException('', 'AbortError')))
          pending.push({ key, keepBoth, progress, ok: () => resolve({ id: key } as never), fail: reject })
        }),
    )
  })

  it('sends at most three files at a time, in order', async () => {
    const uploads = useUploads()
    uploads.add(['1', '2', '3', '4'].map((name) => file(name)))
    expect(vi.mocked(sendFile).mock.calls.map(([sent]) => sent.name)).toEqual(['1', '2', '3'])
    pending[0]!.ok()
    await flush()
    expect(vi.mocked(sendFile).mock.calls.map(([sent]) => sent.name)).toEqual(['1', '2', '3', '4'])
    expect(uploads.sentCount).toBe(1)
  })

  it('reports progress as a fraction of all bytes', () => {
    const uploads = useUploads()
    uploads.add([file('a', 100), file('b', 100)])
    pending[0]!.progress(50)
    expect(uploads.progress.share).toBe(0.25)
  })

  it('retries a failed upload with the same idempotency key', async () => {
    const uploads = useUploads()
    uploads.add([file('a')])
    pending[0]!.fail(ApiProblem.unreachable())
    await flush()
    expect(uploads.items[0]!.state).toBe('failed')
    uploads.retryAll()
    expect(pending[1]!.key).toBe(pending[0]!.key)
  })

  it('uploads a duplicate under a new idempotency key when both are kept', async () => {
    const uploads = useUploads()
    uploads.add([file('a')])
    pending[0]!.fail(new ApiProblem('duplicate_document', 409, '', { documentId: 'older' }))
    await flush()
    const item = uploads.items[0]!
    expect([item.state, item.documentId]).toEqual(['duplicate', 'older'])
    uploads.keepBoth(item)
    expect(pending[1]!.keepBoth).toBe(true)
    expect(pending[1]!.key).not.toBe(pending[0]!.key)
  })

  it('refuses empty files without sending them, and files that are too large', async () => {
    const uploads = useUploads()
    uploads.add([file('empty', 0), file('big')])
    expect(vi.mocked(sendFile)).toHaveBeenCalledTimes(1)
    pending[0]!.fail(new ApiProblem('file_too_large', 413))
    await flush()
    expect(uploads.items.map(({ state }) => state)).toEqual(['refused', 'refused'])
    expect(uploads.retryable).toHaveLength(0)
  })

  it('cancels waiting and running uploads', async () => {
    const uploads = useUploads()
    uploads.add(['1', '2', '3', '4'].map((name) => file(name)))
    uploads.cancelAll()
    await flush()
    expect(uploads.items.map(({ state }) => state)).toEqual(Array(4).fill('cancelled'))
    expect(vi.mocked(sendFile)).toHaveBeenCalledTimes(3)
  })

  it('keeps failed uploads when finished ones are cleared', async () => {
    const uploads = useUploads()
    uploads.add([file('a'), file('b')])
    pending[0]!.ok()
    pending[1]!.fail(ApiProblem.unreachable())
    await flush()
    uploads.clearDone()
    expect(uploads.items.map(({ file }) => file.name)).toEqual(['b'])
    expect(uploads.open).toBe(true)
  })
})
