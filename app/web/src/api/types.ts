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
export type ListQuery = NonNullable<operations['documents_list']['parameters']['query']>
export type ListFilter = Omit<ListQuery, 'limit' | 'cursor' | 'total' | 'sort'>
export type Sort = NonNullable<ListQuery['sort']>
