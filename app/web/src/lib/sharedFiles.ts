import type { PickedFile } from '@/stores/uploads'

/** Where the service worker leaves files that another app shared. */
const CACHE = 'dv-shared'

/** Takes over what was shared; it is handed out once. */
export async function takeSharedFiles(): Promise<PickedFile[]> {
  if (!('caches' in window)) return []
  const cache = await caches.open(CACHE)
  const files: PickedFile[] = []
  for (const request of await cache.keys()) {
    const response = await cache.match(request)
    if (!response) continue
    const name = decodeURIComponent(response.headers.get('x-file-name') ?? 'document')
    files.push({ file: new File([await response.blob()], name), folder: '' })
    await cache.delete(request)
  }
  return files
}
