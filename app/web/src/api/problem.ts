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

/** A failed request, with the problem details of the answer (RFC 9457). */
export class ApiProblem extends Error {
  constructor(
    readonly code: ProblemCode,
    readonly status: number,
    readonly detail: string = '',
    readonly meta: {
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

  /** Whether the same request may succeed later. */
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

interface Translator {
  t: (key: string, named?: Record<string, unknown>) => string
  te: (key: string) => boolean
  locale: string
}

/** The message to show. The server's own is more precise, but always English. */
export function errorMessage(error: unknown, translator: Translator): string {
  if (!(error instanceof ApiProblem)) return translator.t('problem.unexpected')
  const key = `problem.${error.code}`
  const english = translator.locale.startsWith('en')
  const message = error.detail && (english || !translator.te(key)) ? error.detail : translator.t(translator.te(key) ? key : 'problem.unexpected')
  const unexplained = error.code === 'internal' || error.code === 'unexpected'
  return unexplained && error.meta.requestId
    ? `${message} ${translator.t('problem.requestId', { id: error.meta.requestId })}`
    : message
}
