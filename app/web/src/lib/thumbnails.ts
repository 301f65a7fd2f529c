import { readBlob, thumbnailUrl } from '@/api/client'
import { ApiProblem } from '@/api/problem'
import { onSessionEnd } from '@/session/session'

/** How many thumbnails out of use are kept. Each takes some kilobytes. */
const MAX_UNUSED = 300

interface Thumbnail {
  users: number
  loading: AbortController | undefined
  /** The object URL; null where there is no thumbnail. */
  url: Promise<string | null>
  ready: string | null | undefined
}

/** By document and status, because processing it again may change its thumbnail. Least recently used first. */
const thumbnails = new Map<string, Thumbnail>()

function load(id: string, key: string): Thumbnail {
  const loading = new AbortController()
  const thumbnail: Thumbnail = { users: 0, loading, ready: undefined, url: Promise.resolve(null) }
  thumbnail.url = readBlob(thumbnailUrl(id), loading.signal).then(
    (blob) => (thumbnail.ready = URL.createObjectURL(blob)),
    (error: unknown) => {
      thumbnail.ready = null
      // A missing thumbnail is cached; a failed request is not.
      const none = error instanceof ApiProblem && error.status === 404
      if (!none && thumbnails.get(key) === thumbnail) thumbnails.delete(key)
      return null
    },
  ).finally(() => (thumbnail.loading = undefined))
  return thumbnail
}

function evict() {
  let idle = [...thumbnails.values()].filter(({ users }) => !users).length
  for (const [key, thumbnail] of thumbnails) {
    if (idle <= MAX_UNUSED) return
    if (thumbnail.users) continue
    forget(key, thumbnail)
    idle -= 1
  }
}

function forget(key: string, thumbnail: Thumbnail) {
  thumbnails.delete(key)
  thumbnail.loading?.abort()
  if (thumbnail.ready) URL.revokeObjectURL(thumbnail.ready)
}

/** The object URL if it is loaded already, for the first paint. */
export const cachedThumbnail = (key: string) => thumbnails.get(key)?.ready

/** Loads a thumbnail and keeps it until `release` is called. */
export function acquireThumbnail(id: string, key: string): { url: Promise<string | null>; release: () => void } {
  const thumbnail = thumbnails.get(key) ?? load(id, key)
  thumbnails.delete(key)
  thumbnails.set(key, thumbnail)
  thumbnail.users += 1
  return {
    url: thumbnail.url,
    release() {
      thumbnail.users -= 1
      if (thumbnail.users || thumbnails.get(key) !== thumbnail) return
      // Scrolled past before it came.
      if (thumbnail.loading) forget(key, thumbnail)
      else evict()
    },
  }
}

onSessionEnd(() => {
  for (const [key, thumbnail] of thumbnails) forget(key, thumbnail)
})
