import { describe, expect, it } from 'vitest'
import contract from '../../../../docs/openapi.json'
import de from '../locales/de.json'
import en from '../locales/en.json'
import { ApiProblem, errorMessage } from './problem'

const translator = (messages: typeof en, locale: string) => ({
  locale,
  te: (key: string) => key.slice('problem.'.length) in messages.problem,
  t: (key: string, named: Record<string, unknown> = {}) =>
    messages.problem[key.slice('problem.'.length) as keyof typeof en.problem].replace('{id}', String(named.id)),
})
const english = translator(en, 'en')
const german = translator(de, 'de')
const none = () => null

describe('problems', () => {
  it('has a message for every error code of the contract, and for no other', () => {
    const codes = contract.components.schemas.ErrorCode.enum
    expect(codes.length).toBeGreaterThan(10)
    const ours = ['unreachable', 'unexpected', 'requestId', 'wait']
    for (const { problem } of [en, de]) expect(Object.keys(problem).sort()).toEqual([...codes, ...ours].sort())
  })

  it('shows the detail of the server in English, its own message in other languages', () => {
    const problem = new ApiProblem('file_too_large', 413, 'The file is larger than 512 MiB.')
    expect(errorMessage(problem, english)).toBe('The file is larger than 512 MiB.')
    expect(errorMessage(problem, german)).toBe(de.problem.file_too_large)
  })

  it('shows the detail of the server for an unknown code', () => {
    expect(errorMessage(new ApiProblem('of_tomorrow' as never, 409, 'Your space is used up.'), german)).toBe('Your space is used up.')
  })

  it('parses problem details, and reports any other body as unexpected', () => {
    const body = JSON.stringify({ code: 'duplicate_document', detail: 'There.', document_id: 'x' })
    expect(ApiProblem.from(409, body, none).meta.documentId).toBe('x')
    const proxy = ApiProblem.from(502, '<html>', (name) => (name === 'x-request-id' ? 'r-1' : null))
    expect(proxy.code).toBe('unexpected')
    expect(proxy.transient).toBe(true)
    expect(errorMessage(proxy, english)).toContain('r-1')
  })

  it('reports any other error as unexpected', () => {
    expect(errorMessage(new TypeError('x is not a function'), english)).toBe(en.problem.unexpected)
  })
})
