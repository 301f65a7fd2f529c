import { findPositions } from '@/lib/textSearch'

/** The text of a page as one string, and where each of its pieces begins. */
export interface PageText {
  text: string
  starts: number[]
}

export interface Hit {
  page: number
  start: number
  end: number
}

/** Lines end in a space, so that a phrase is found across them. */
export function joinItems(items: readonly { str: string; hasEOL: boolean }[]): PageText {
  let text = ''
  const starts: number[] = []
  for (const item of items) {
    starts.push(text.length)
    text += item.str
    if (item.hasEOL && !text.endsWith(' ')) text += ' '
  }
  return { text, starts }
}

export function hitsOn(page: number, { text }: PageText, wanted: string): Hit[] {
  const needle = wanted.trim().replace(/\s+/g, ' ')
  return findPositions(text, needle).map((start) => ({ page, start, end: start + needle.length }))
}

/** The piece that a position lies in, and where in it. */
export function locate({ starts }: PageText, position: number): { item: number; offset: number } {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (starts[middle]! <= position) low = middle
    else high = middle - 1
  }
  return { item: low, offset: position - (starts[low] ?? 0) }
}
