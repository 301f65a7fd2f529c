// The calls about accounts.
import { anonymous, api, data } from './client'
import type { components } from './schema'
import type { AuditFilter, UserFilter } from './types'

type Schemas = components['schemas']

// Before signing in.

export const fetchAuthOptions = (signal?: AbortSignal) => data(anonymous.GET('/api/auth/options', { signal }))

export const register = (body: Schemas['Registration']) => data(anonymous.POST('/api/auth/register', { body }))

export const login = (body: Schemas['Login']) => data(anonymous.POST('/api/auth/login', { body }))

/** Starts single sign-on. `again`: the provider asks for the credentials even with a session. */
export const ssoUrl = (next: string, again = false) => `/api/auth/oidc/start?return_to=${encodeURIComponent(next)}${again ? '&again=true' : ''}`

export const linkSso = (csrf: string, body: Schemas['IdentityLink']) =>
  data(anonymous.POST('/api/auth/oidc/link', { params: { header: { 'X-CSRF-Token': csrf } }, body }))

export const requestReset = (email: string) => data(anonymous.POST('/api/auth/password-reset/request', { body: { email } }))

export const confirmReset = (token: string, newPassword: string) =>
  data(anonymous.POST('/api/auth/password-reset/confirm', { body: { token, new_password: newPassword } }))

// The second factor. `bearer`: the enrolment token, when it is required before signing in.

const enrolling = (bearer?: string) => (bearer ? { client: anonymous, headers: { authorization: `Bearer ${bearer}` } } : { client: api, headers: {} })
export function enrolTotp(bearer?: string) {
  const { client, headers } = enrolling(bearer)
  return data(client.POST('/api/auth/totp/enroll', { headers }))
}
export function confirmTotp(code: string, bearer?: string) {
  const { client, headers } = enrolling(bearer)
  return data(client.POST('/api/auth/totp/confirm', { headers, body: { code } }))
}
export const turnOffTotp = (body: Schemas['TotpRemoval']) => data(api.DELETE('/api/auth/totp', { body }))
export const renewRecoveryCodes = (code: string) => data(api.POST('/api/auth/totp/recovery-codes', { body: { code } }))

// One's own account.

export const fetchMe = (signal?: AbortSignal) => data(api.GET('/api/auth/me', { signal }))
export const patchMe = (body: Schemas['ProfilePatch']) => data(api.PATCH('/api/auth/me', { body }))
export const deleteMe = (body: Schemas['AccountDeletion']) => data(api.DELETE('/api/auth/me', { body }))
export const changePassword = (currentPassword: string, newPassword: string) =>
  data(api.POST('/api/auth/password', { body: { current_password: currentPassword, new_password: newPassword } }))
export const confirmIdentity = (body: Schemas['Confirmation']) => data(api.POST('/api/auth/confirm', { body }))

export const fetchSessions = async (signal?: AbortSignal) => (await data(api.GET('/api/auth/sessions', { signal }))).items
export const endSession = (id: string) => data(api.DELETE('/api/auth/sessions/{id}', { params: { path: { id } } }))
export const endOtherSessions = () => data(api.DELETE('/api/auth/sessions'))

export const fetchTokens = async (signal?: AbortSignal) => (await data(api.GET('/api/auth/tokens', { signal }))).items
export const createToken = (body: Schemas['NewApiToken']) => data(api.POST('/api/auth/tokens', { body }))
export const revokeToken = (id: string) => data(api.DELETE('/api/auth/tokens/{id}', { params: { path: { id } } }))

// Documents: the link that a browser can follow without the token.

export const createDownloadUrl = (id: string, disposition: Schemas['Disposition'] = 'attachment') =>
  data(api.POST('/api/documents/{id}/download-url', { params: { path: { id } }, body: { disposition } }))

// Administration.

const user = (id: string) => ({ params: { path: { id } } })

export const fetchUsers = (filter: UserFilter, cursor: string | undefined, signal?: AbortSignal) =>
  data(api.GET('/api/admin/users', { params: { query: { ...filter, limit: 50, ...(cursor ? { cursor } : { total: true }) } }, signal }))
export const createUser = (body: Schemas['NewUser']) => data(api.POST('/api/admin/users', { body }))
export const patchUser = (id: string, body: Schemas['UserPatch']) => data(api.PATCH('/api/admin/users/{id}', { ...user(id), body }))
export const deleteUser = (id: string) => data(api.DELETE('/api/admin/users/{id}', user(id)))
export const resetUserPassword = (id: string) => data(api.POST('/api/admin/users/{id}/reset-password', user(id)))
export const removeUserTotp = (id: string) => data(api.DELETE('/api/admin/users/{id}/totp', user(id)))
export const signOutUser = (id: string) => data(api.POST('/api/admin/users/{id}/logout-all', user(id)))

export const fetchInvites = async (signal?: AbortSignal) => (await data(api.GET('/api/admin/invites', { signal }))).items
export const createInvite = (body: Schemas['NewInvite']) => data(api.POST('/api/admin/invites', { body }))
export const revokeInvite = (id: string) => data(api.DELETE('/api/admin/invites/{id}', { params: { path: { id } } }))

export const fetchMail = (signal?: AbortSignal) => data(api.GET('/api/admin/mail', { signal }))
export const testMail = (to: string) => data(api.POST('/api/admin/mail/test', { body: { to } }))

export const fetchAudit = (filter: AuditFilter, cursor: string | undefined, signal?: AbortSignal) =>
  data(api.GET('/api/admin/audit', { params: { query: { ...filter, limit: 100, cursor } }, signal }))
export const exportAudit = (format: 'csv' | 'ndjson', filter: AuditFilter) =>
  data(api.GET('/api/admin/audit/export', { params: { query: { ...filter, format } }, parseAs: 'blob' }))
