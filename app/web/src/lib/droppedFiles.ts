import type { PickedFile } from '@/stores/uploads'

/** What file managers leave behind in folders. */
export const isSystemFile = (name: string) => name === '.DS_Store' || name === 'Thumbs.db' || name === 'desktop.ini' || name.startsWith('._')

/** All files of a drop, those in folders too. Must be called while the event is handled. */
export function droppedFiles(transfer: DataTransfer): Promise<PickedFile[]> {
  // The list is emptied as soon as the handler returns.
  const entries = [...transfer.items].map((item) => (item.kind === 'file' ? item.webkitGetAsEntry() : null))
  const known = entries.filter((entry) => entry !== null)
  if (known.length) return walk(known, '')
  return Promise.resolve([...transfer.files].map((file) => ({ file, folder: '' })))
}

async function walk(entries: FileSystemEntry[], folder: string): Promise<PickedFile[]> {
  const found: PickedFile[] = []
  for (const entry of entries) {
    if (isSystemFile(entry.name)) continue
    if (entry.isFile) found.push({ file: await fileOf(entry as FileSystemFileEntry), folder })
    else if (entry.isDirectory) {
      const path = folder ? `${folder}/${entry.name}` : entry.name
      found.push(...(await walk(await childrenOf(entry as FileSystemDirectoryEntry), path)))
    }
  }
  return found
}

const fileOf = (entry: FileSystemFileEntry) => new Promise<File>((resolve, reject) => entry.file(resolve, reject))

/** Browsers hand out a folder in pieces of a hundred. */
async function childrenOf(directory: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = directory.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (!some.length) return all
    all.push(...some)
  }
}
