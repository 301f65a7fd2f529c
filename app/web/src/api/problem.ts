import type { ErrorCode, Problem } from './types'

/** `unreachable`: no answer came. `unexpected`: an answer that is not the vault's, a proxy's perhaps. */
export type ProblemCode = ErrorCode | 'unreachable' | 'unexpected'

const TRANSIENT: ReadonlySet<ProblemCode> = new Set([
  'unreachable',
  'unexpected',
  'unavailable',
  'storage_unavailable',
  'idempotency_in_progress',
])

/** A request that was not answered as it was meant (RFC 9457). */
export class ApiProblem extends Error {
  constructor(
    readonly code: ProblemCode,
    readonly status: number,
    readonly detail: string = '',
    readonly more: {
      errors?: { field: string; message: string }[]
      documentId?: string | null
      requestId?: string | null
      /** Seconds. */
      retryAfter?: number
      /** Opens the enrolment of a second factor, and nothing else. */
      enrolmentToken?: string
    } = {},
  ) {
    super(detail || code)
    this.name = 'ApiProblem'
  }

  /** Whether the same request may go well later. */
  get transient(): boolean {
    return TRANSIENT.has(this.code)
  }

  static unreachable(): ApiProblem {
    return new ApiProblem('unreachable', 0)
  }

  static from(status: number, body: string, header: (name: string) => string | null): ApiProblem {
    const problem = parse(body)
    const requestId = header('x-request-id')
    if (!problem) return new ApiProblem('unexpected', status, '', { requestId })
    return new ApiProblem(problem.code, status, problem.detail, {
      errors: problem.errors ?? [],
      documentId: problem.document_id ?? null,
      requestId,
      retryAfter: Number(header('retry-after')) || undefined,
      enrolmentToken: problem.enrolment_token ?? undefined,
    })
  }
}

function parse(body: string): Problem | undefined {
  try {
    const value: unknown = JSON.parse(body)
    if (typeof value === 'object' && value !== null && 'code' in value) return value as Problem
  } catch {
    // Not JSON: a proxy's page.
  }
  return undefined
}

interface Words {
  t: (key: string, named?: Record<string, unknown>) => string
  te: (key: string) => boolean
  locale: string
}

/** What to tell people. The vault's own sentences are more precise, and English. */
export function sentence(error: unknown, words: Words): string {
  if (!(error instanceof ApiProblem)) return words.t('problem.unexpected')
  const key = `problem.${error.code}`
  const english = words.locale.startsWith('en')
  const told = error.detail && (english || !words.te(key)) ? error.detail : words.t(words.te(key) ? key : 'problem.unexpected')
  const unexplained = error.code === 'internal' || error.code === 'unexpected'
  return unexplained && error.more.requestId
    ? `${told} ${words.t('problem.requestId', { id: error.more.requestId })}`
    : told
}
