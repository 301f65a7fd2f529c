// An OpenID Connect provider with a page of its own: as much of it as the vault needs. It is on another site
// than the vault, as providers are.
import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')

export async function startProvider(vaultUrl) {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const redirect = `${vaultUrl}/api/auth/oidc/callback`
  const codes = new Map()
  let person
  let issuer

  const idToken = (asked) => {
    const now = Math.floor(Date.now() / 1000)
    const claims = { ...person, iss: issuer, aud: 'docuvault', nonce: asked.get('nonce'), iat: now, exp: now + 60 }
    if (asked.has('max_age')) claims.auth_time = now
    const signed = `${encode({ alg: 'RS256', kid: 'one' })}.${encode(claims)}`
    return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`
  }
  const answers = {
    '/.well-known/openid-configuration': () => ({
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/keys`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    }),
    '/keys': () => ({ keys: [{ ...publicKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'one' }] }),
    '/token': (form) => {
      const asked = codes.get(form.get('code'))
      codes.delete(form.get('code'))
      const challenge = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url')
      if (challenge !== asked?.get('code_challenge')) return undefined
      return { access_token: 'x', token_type: 'Bearer', expires_in: 60, id_token: idToken(asked) }
    },
  }
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, issuer)
    if (pathname === '/authorize' && request.method === 'GET') {
      response.setHeader('content-type', 'text/html; charset=utf-8')
      return response.end(`<!doctype html><title>Example ID</title><form method="post"><button>Continue as ${person.name}</button></form>`)
    }
    if (pathname === '/authorize') {
      const code = randomUUID()
      codes.set(code, searchParams)
      const back = new URLSearchParams({ code, state: searchParams.get('state'), iss: issuer })
      return response.writeHead(303, { location: `${redirect}?${back}` }).end()
    }
    const answer = answers[pathname]?.(new URLSearchParams(await text(request)))
    response.writeHead(answer ? 200 : 400, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answer ?? { error: 'invalid_grant' }))
  })
  await new Promise((resolve) => server.listen(0, 'localhost', resolve))
  issuer = `http://localhost:${server.address().port}`
  return {
    settings: {
      DOCUVAULT_OIDC__ISSUER: issuer,
      DOCUVAULT_OIDC__CLIENT_ID: 'docuvault',
      DOCUVAULT_OIDC__CLIENT_SECRET: 'a secret',
      DOCUVAULT_OIDC__LABEL: 'Example ID',
    },
    /** Whom it vouches for from now on. */
    vouchFor: (claims) => void (person = claims),
    end: () => server.close(),
  }
}
