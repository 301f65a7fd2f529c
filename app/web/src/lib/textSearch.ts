/** Lower case that keeps every position: letters that would become longer stay as they are. */
function fold(text: string): string {
  const lower = text.toLowerCase()
  if (lower.length === text.length) return lower
  return [...text].map((letter) => (letter.toLowerCase().length === letter.length ? letter.toLowerCase() : letter)).join('')
}

/** Where a text has what is searched for, without regard to case; hits do not overlap. */
export function findPositions(text: string, wanted: string): number[] {
  const needle = fold(wanted)
  if (!needle) return []
  const hay = fold(text)
  const found: number[] = []
  for (let at = hay.indexOf(needle); at >= 0; at = hay.indexOf(needle, at + needle.length)) found.push(at)
  return found
}

export interface Part {
  text: string
  hit: boolean
}

/** Cuts a text at what was searched for, to be marked without HTML. */
export function splitMatches(text: string, wanted: string): Part[] {
  const needle = wanted.trim()
  const parts: Part[] = []
  let from = 0
  for (const at of findPositions(text, needle)) {
    if (at > from) parts.push({ text: text.slice(from, at), hit: false })
    from = at + needle.length
    parts.push({ text: text.slice(at, from), hit: true })
  }
  if (from < text.length) parts.push({ text: text.slice(from), hit: false })
  return parts
}
