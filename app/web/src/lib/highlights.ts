/** Marks ranges of text without touching the page's elements; `::highlight` rules give the colours. */
export function setHighlights(name: string, ranges: Range[], current: Range[]) {
  // Firefox before 140 has no highlights: hits are counted and scrolled to there, not marked.
  if (!('highlights' in CSS)) return
  CSS.highlights.set(name, new Highlight(...ranges))
  CSS.highlights.set(`${name}-current`, new Highlight(...current))
}

export function clearHighlights(name: string) {
  if (!('highlights' in CSS)) return
  CSS.highlights.delete(name)
  CSS.highlights.delete(`${name}-current`)
}
