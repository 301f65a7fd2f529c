import { ApiProblem } from './problem'

/** The only place that calls `fetch`. Answers that are no success are thrown as problems. */
export async function send(request: Request): Promise<Response> {
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

export type Query = Record<string, string | number | boolean | undefined>

/** A request with a JSON body, if any, to the vault. Empty values of the query are left out. */
export function jsonRequest(method: string, path: string, body?: unknown, query: Query = {}, headers: Record<string, string> = {}): Request {
  const url = new URL(path, location.origin)
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') url.searchParams.set(name, String(value))
  }
  const sent = body === undefined ? headers : { ...headers, 'content-type': 'application/json' }
  return new Request(url, { method, headers: sent, body: body === undefined ? undefined : JSON.stringify(body) })
}

/** The body of an answer that has one. */
export async function jsonOf<T>(answer: Promise<Response>): Promise<T> {
  const text = await (await answer).text()
  return (text ? JSON.parse(text) : undefined) as T
}
