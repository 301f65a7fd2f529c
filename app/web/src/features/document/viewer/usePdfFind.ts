import { computed, onScopeDispose, ref, shallowRef, watch, type ShallowRef } from 'vue'
import { setHighlights, clearHighlights } from '@/lib/highlights'
import { hitsOn, joinItems, locate, type Hit, type PageText } from './pageText'
import type { PdfDocument, TextLayer } from './pdf'

const NAME = 'dv-find'
const MIN_LENGTH = 2

/** Finding words in a PDF: all hits are counted, those on drawn pages are marked. */
export function usePdfFind(pdf: ShallowRef<PdfDocument | undefined>, query: { value: string }, show: (hit: Hit) => void) {
  const hits = shallowRef<Hit[]>([])
  const index = ref(0)
  const searching = ref(false)
  const texts = new Map<number, Promise<PageText>>()
  const known = new Map<number, PageText>()
  const layers = new Map<number, TextLayer>()

  const wanted = computed(() => query.value.trim())
  const current = computed(() => hits.value[index.value])

  function textOf(number: number): Promise<PageText> {
    let text = texts.get(number)
    if (!text) {
      text = readPage(number)
      texts.set(number, text)
    }
    return text
  }
  async function readPage(number: number): Promise<PageText> {
    const page = await pdf.value!.getPage(number)
    const { items } = await page.getTextContent()
    const text = joinItems(items.filter((item) => 'str' in item))
    known.set(number, text)
    return text
  }

  watch([pdf, wanted], async (_, __, onCleanup) => {
    let outdated = false
    onCleanup(() => (outdated = true))
    hits.value = []
    index.value = 0
    mark()
    if (!pdf.value || wanted.value.length < MIN_LENGTH) return
    searching.value = true
    for (let number = 1; number <= pdf.value.numPages; number += 1) {
      const found = hitsOn(number, await textOf(number), wanted.value)
      if (outdated) return
      if (!found.length) continue
      const first = hits.value.length === 0
      hits.value = [...hits.value, ...found]
      mark()
      if (first) show(found[0]!)
    }
    searching.value = false
  }, { immediate: true })

  function step(by: number) {
    const count = hits.value.length
    if (!count) return
    index.value = (index.value + by + count) % count
    mark()
    show(current.value!)
  }

  function rangeOf(hit: Hit): Range | undefined {
    const layer = layers.get(hit.page)
    const text = known.get(hit.page)
    if (!layer || !text) return undefined
    const from = locate(text, hit.start)
    const to = locate(text, hit.end - 1)
    const start = layer.textDivs[from.item]?.firstChild
    const end = layer.textDivs[to.item]?.firstChild
    if (!start || !end) return undefined
    const range = new Range()
    range.setStart(start, Math.min(from.offset, start.textContent!.length))
    range.setEnd(end, Math.min(to.offset + 1, end.textContent!.length))
    return range
  }

  function mark() {
    const all: Range[] = []
    const now: Range[] = []
    for (const hit of hits.value) {
      if (!layers.has(hit.page)) continue
      const range = rangeOf(hit)
      if (range) (hit === current.value ? now : all).push(range)
    }
    setHighlights(NAME, all, now)
  }

  /** A page was drawn, or put away. */
  function layer(number: number, drawn: TextLayer | undefined) {
    if (drawn) layers.set(number, drawn)
    else layers.delete(number)
    if (hits.value.length) mark()
  }

  onScopeDispose(() => clearHighlights(NAME))
  return { hits, index, searching, wanted, step, layer, rangeOf }
}
