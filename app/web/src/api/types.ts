import type { components, operations } from './schema'

type Schemas = components['schemas']

export type Document = Schemas['Document']
export type DocumentTopic = Schemas['DocumentTopic']
export type DocumentList = Schemas['DocumentList']
export type DocumentPatch = Schemas['DocumentPatch']
export type Activity = Schemas['Activity']
export type DocumentStatus = Schemas['DocumentStatus']
export type Topic = Schemas['Topic']
export type BulkRequest = Schemas['BulkRequest']
export type BulkItem = Schemas['BulkItem']
export type BulkResponse = Schemas['BulkResponse']
export type Problem = Schemas['Problem']
export type ErrorCode = Schemas['ErrorCode']

/** What a list of documents can be asked for. */
type ListQuery = NonNullable<operations['documents_list']['parameters']['query']>
export type ListFilter = Omit<ListQuery, 'limit' | 'cursor' | 'total' | 'sort'>
export type Sort = NonNullable<ListQuery['sort']>

export type Role = Schemas['Role']
export type Scope = Schemas['Scope']
export type User = Schemas['User']
export type SignedIn = Schemas['SignedIn']
export type Session = Schemas['Session']
export type ApiToken = Schemas['ApiToken']
export type TotpEnrolment = Schemas['TotpEnrolment']
export type AdminUser = Schemas['AdminUser']
export type ResetLink = Schemas['ResetLink']
export type Invite = Schemas['Invite']
export type AuditEntry = Schemas['AuditEntry']

type UserQuery = NonNullable<operations['admin_users_list']['parameters']['query']>
export type UserFilter = Pick<UserQuery, 'q' | 'role' | 'state'>
type AuditQuery = NonNullable<operations['admin_audit_list']['parameters']['query']>
export type AuditFilter = Omit<AuditQuery, 'limit' | 'cursor'>
