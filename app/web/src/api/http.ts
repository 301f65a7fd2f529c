import { ApiProblem } from './problem'

/** The only place that calls `fetch`. Error responses are thrown as problems. */
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

/** The body of an answer that has one. */
export async function jsonOf<T>(answer: Promise<Response>): Promise<T> {
  const text = await (await answer).text()
  return (text ? JSON.parse(text) : undefined) as T
}
