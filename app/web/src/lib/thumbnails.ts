import { readBlob, thumbnailUrl } from '@/api/client'
import { ApiProblem } from '@/api/problem'
import { onSessionEnd } from '@/session/session'

/** How many pictures are kept that nobody looks at. A thumbnail is some kilobytes. */
const KEPT = 300

interface Picture {
  users: number
  loading: AbortController | undefined
  /** The object's address; null where there is no picture. */
  url: Promise<string | null>
  ready: string | null | undefined
}

/** By document and state: read again, a document may get another picture. Least recently used first. */
const pictures = new Map<string, Picture>()

function load(id: string, key: string): Picture {
  const loading = new AbortController()
  const picture: Picture = { users: 0, loading, ready: undefined, url: Promise.resolve(null) }
  picture.url = readBlob(thumbnailUrl(id), loading.signal).then(
    (blob) => (picture.ready = URL.createObjectURL(blob)),
    (error: unknown) => {
      picture.ready = null
      // That there is none is worth remembering; that the vault was away is not.
      const none = error instanceof ApiProblem && error.status === 404
      if (!none && pictures.get(key) === picture) pictures.delete(key)
      return null
    },
  ).finally(() => (picture.loading = undefined))
  return picture
}

function tidy() {
  let idle = [...pictures.values()].filter(({ users }) => !users).length
  for (const [key, picture] of pictures) {
    if (idle <= KEPT) return
    if (picture.users) continue
    forget(key, picture)
    idle -= 1
  }
}

function forget(key: string, picture: Picture) {
  pictures.delete(key)
  picture.loading?.abort()
  if (picture.ready) URL.revokeObjectURL(picture.ready)
}

/** The picture if it is at hand: then it is there in the first paint. */
export const thumbnailAtHand = (key: string) => pictures.get(key)?.ready

/** Takes a picture into use, until `release` is called. */
export function useThumbnail(id: string, key: string): { url: Promise<string | null>; release: () => void } {
  const picture = pictures.get(key) ?? load(id, key)
  pictures.delete(key)
  pictures.set(key, picture)
  picture.users += 1
  return {
    url: picture.url,
    release() {
      picture.users -= 1
      if (picture.users || pictures.get(key) !== picture) return
      // Scrolled past before it came.
      if (picture.loading) forget(key, picture)
      else tidy()
    },
  }
}

onSessionEnd(() => {
  for (const [key, picture] of pictures) forget(key, picture)
})
