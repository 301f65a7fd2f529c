import { accessToken } from '@/session/session'
import { ApiProblem } from './problem'
import type { Document } from './types'

interface Sending {
  /** The idempotency key, the same for every attempt. */
  key: string
  keepBoth: boolean
  progress: (bytes: number) => void
  signal: AbortSignal
}

/** Sends a file by XHR, because `fetch` reports no upload progress. */
function sendOnce(file: File, token: string, { key, keepBoth, progress, signal }: Sending): Promise<Document> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', `/api/documents/upload?on_duplicate=${keepBoth ? 'keep' : 'reject'}`)
    request.setRequestHeader('Authorization', `Bearer ${token}`)
    request.setRequestHeader('Idempotency-Key', key)
    request.upload.onprogress = (event) => progress(event.loaded)
    request.onload = () => {
      if (request.status === 201) return resolve(JSON.parse(request.responseText) as Document)
      reject(ApiProblem.from(request.status, request.responseText, (name) => request.getResponseHeader(name)))
    }
    request.onerror = () => reject(ApiProblem.unreachable())
    request.onabort = () => reject(new DOMException('Cancelled', 'AbortError'))
    signal.addEventListener('abort', () => request.abort(), { once: true })
    const form = new FormData()
    form.append('file', file, file.name)
    request.send(form)
  })
}

/** Sends a file, with another token when the first is over. */
export async function sendFile(file: File, sending: Sending): Promise<Document> {
  const token = await accessToken.current()
  sending.signal.throwIfAborted()
  try {
    return await sendOnce(file, token, sending)
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.code !== 'unauthenticated') throw error
    const fresh = await accessToken.renewed(token)
    sending.signal.throwIfAborted()
    sending.progress(0)
    return sendOnce(file, fresh, sending)
  }
}
