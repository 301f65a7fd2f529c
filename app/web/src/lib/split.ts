export interface Part {
  text: string
  hit: boolean
}

/** Cuts a text at what was searched for, to be marked without HTML. */
export function split(text: string, wanted: string): Part[] {
  const needle = wanted.trim().toLowerCase()
  if (!needle) return [{ text, hit: false }]
  const lower = text.toLowerCase()
  // Some letters change their length in lower case; positions would not fit.
  if (lower.length !== text.length) return [{ text, hit: false }]
  const parts: Part[] = []
  let from = 0
  for (let at = lower.indexOf(needle); at >= 0; at = lower.indexOf(needle, from)) {
    if (at > from) parts.push({ text: text.slice(from, at), hit: false })
    from = at + needle.length
    parts.push({ text: text.slice(at, from), hit: true })
  }
  if (from < text.length) parts.push({ text: text.slice(from), hit: false })
  return parts
}
