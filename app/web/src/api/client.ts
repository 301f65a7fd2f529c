import createClient from 'openapi-fetch'
import { requestConfirmation } from '@/session/confirm'
import { accessToken, expireSession } from '@/session/session'
import { send } from './http'
import { ApiProblem } from './problem'
import type { paths } from './schema'

const codeOf = (error: unknown) => (error instanceof ApiProblem ? error.code : undefined)

function withToken(request: Request, token: string): Request {
  const own = request.clone()
  own.headers.set('authorization', `Bearer ${token}`)
  return own
}

/**
 * Sends a request with the access token. An expired token is refreshed once; where the server wants a
 * confirmation of identity, the request follows it.
 */
async function sendSigned(request: Request): Promise<Response> {
  const token = await accessToken.current()
  try {
    return await send(withToken(request, token))
  } catch (error) {
    switch (codeOf(error)) {
      case 'unauthenticated':
        return send(withToken(request, await accessToken.renewed(token)))
      case 'session_revoked':
        expireSession()
        throw error
      case 'confirmation_required':
        if (!(await requestConfirmation())) throw error
        return send(withToken(request, await accessToken.current()))
      default:
        throw error
    }
  }
}

export const api = createClient<paths>({ baseUrl: location.origin, fetch: sendSigned })

/** The same for people who are not signed in. */
export const anonymous = createClient<paths>({ baseUrl: location.origin, fetch: send })

/** The body of a successful answer. */
export async function data<T>(call: Promise<{ data?: T }>): Promise<T> {
  return (await call).data as T
}

/** A stream of server-sent events; `EventSource` can neither resume by hand nor send a token. */
export async function openEvents(lastEventId: string | undefined, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  const headers: Record<string, string> = { accept: 'text/event-stream' }
  if (lastEventId) headers['last-event-id'] = lastEventId
  const response = await sendSigned(new Request('/api/events', { headers, signal, cache: 'no-store' }))
  if (!response.body) throw ApiProblem.unreachable()
  return response.body
}

/** A whole file. */
export async function readBlob(url: string, signal: AbortSignal): Promise<Blob> {
  return (await sendSigned(new Request(url, { signal }))).blob()
}

/** The bytes of a file from `begin` on, without `end`. */
export async function readRange(url: string, begin: number, end: number, signal: AbortSignal): Promise<ArrayBuffer> {
  return (await sendSigned(new Request(url, { headers: { range: `bytes=${begin}-${end - 1}` }, signal }))).arrayBuffer()
}

/** The first bytes of a file, as text. */
export async function readText(url: string, bytes: number, signal: AbortSignal): Promise<string> {
  return new TextDecoder().decode(await readRange(url, 0, bytes, signal))
}

/** The page that starts the app, as the vault serves it now. */
export async function readAppPage(): Promise<string> {
  return (await send(new Request('/', { cache: 'no-store' }))).text()
}

export const contentUrl = (id: string) => `/api/documents/${id}/content`
export const thumbnailUrl = (id: string) => `/api/documents/${id}/thumbnail`
