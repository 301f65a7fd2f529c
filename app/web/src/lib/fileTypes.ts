const office = 'application/vnd.openxmlformats-officedocument.'
const open = 'application/vnd.oasis.opendocument.'

/** The kinds of files that the vault takes, each with the key of its name. */
export const FILE_TYPES = {
  'application/pdf': 'pdf',
  [`${office}wordprocessingml.document`]: 'word',
  [`${office}spreadsheetml.sheet`]: 'excel',
  [`${office}presentationml.presentation`]: 'powerpoint',
  [`${open}text`]: 'odt',
  [`${open}spreadsheet`]: 'ods',
  [`${open}presentation`]: 'odp',
  'image/jpeg': 'jpeg',
  'image/png': 'png',
  'image/tiff': 'tiff',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'image/heic': 'heic',
  'text/plain': 'text',
  'text/markdown': 'markdown',
  'text/csv': 'csv',
  'text/html': 'html',
  'application/rtf': 'rtf',
  'message/rfc822': 'eml',
  'application/vnd.ms-outlook': 'msg',
  'application/zip': 'zip',
} as const satisfies Record<string, string>

export type FileType = (typeof FILE_TYPES)[keyof typeof FILE_TYPES]

export const fileTypeOf = (mimeType: string): FileType | undefined => (FILE_TYPES as Record<string, FileType>)[mimeType]

const EXTENSIONS: Partial<Record<FileType, string>> = { word: 'docx', excel: 'xlsx', powerpoint: 'pptx', jpeg: 'jpg', text: 'txt', markdown: 'md' }

/** What a tile in place of a thumbnail says: the usual extension. */
export function extensionOf(mimeType: string): string {
  const kind = fileTypeOf(mimeType)
  return kind ? (EXTENSIONS[kind] ?? kind).toUpperCase() : '?'
}

const HUES: Partial<Record<FileType, number>> = { pdf: 4, word: 1, odt: 1, rtf: 1, excel: 6, ods: 6, csv: 6, powerpoint: 7, odp: 7, eml: 2, msg: 2, html: 2 }

/** One of the eight colours, much alike for kinds much alike. */
export function hueOf(mimeType: string): number {
  const kind = fileTypeOf(mimeType)
  if (mimeType.startsWith('image/')) return 5
  return (kind && HUES[kind]) || 8
}

export type Preview = 'pdf' | 'image' | 'text' | 'none'

/** How a document can be shown in the page. */
export function previewOf(mimeType: string): Preview {
  if (mimeType === 'application/pdf') return 'pdf'
  if (['image/png', 'image/jpeg', 'image/webp', 'image/gif'].includes(mimeType)) return 'image'
  return ['text/plain', 'text/markdown', 'text/csv'].includes(mimeType) ? 'text' : 'none'
}
