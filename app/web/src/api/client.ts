import createClient from 'openapi-fetch'
import { ApiProblem } from './problem'
import type { paths } from './schema'

/** The only place that calls `fetch`. Answers that are no success are thrown as problems. */
async function send(request: Request): Promise<Response> {
  let response: Response
  try {
    response = await fetch(request)
  } catch (error) {
    if (request.signal.aborted) throw error
    throw ApiProblem.unreachable()
  }
  if (response.ok) return response
  const body = await response.text().catch(() => '')
  throw ApiProblem.from(response.status, body, (name) => response.headers.get(name))
}

export const api = createClient<paths>({ baseUrl: location.origin, fetch: send })

/** The body of a successful answer. */
export async function data<T>(call: Promise<{ data?: T }>): Promise<T> {
  return (await call).data as T
}

/** A stream of server-sent events; `EventSource` can neither resume by hand nor send a token. */
export async function openEvents(lastEventId: string | undefined, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  const headers: Record<string, string> = { accept: 'text/event-stream' }
  if (lastEventId) headers['last-event-id'] = lastEventId
  const response = await send(new Request('/api/events', { headers, signal, cache: 'no-store' }))
  if (!response.body) throw ApiProblem.unreachable()
  return response.body
}

/** The first bytes of a file, as text. */
export async function readText(url: string, bytes: number, signal: AbortSignal): Promise<string> {
  const response = await send(new Request(url, { headers: { range: `bytes=0-${bytes - 1}` }, signal }))
  return new TextDecoder().decode(await response.arrayBuffer())
}

/** The page that starts the app, as the vault serves it now. */
export async function readAppPage(): Promise<string> {
  return (await send(new Request('/', { cache: 'no-store' }))).text()
}

export const contentUrl = (id: string) => `/api/documents/${id}/content`
export const downloadUrl = (id: string) => `/api/documents/${id}/content?download=true`
export const thumbnailUrl = (id: string) => `/api/documents/${id}/thumbnail`
