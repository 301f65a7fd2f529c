import type * as Pdfjs from 'pdfjs-dist'
import modernWorker from 'pdfjs-dist/build/pdf.worker.min.mjs?url'
import legacyWorker from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url'
import { readBlob, readRange } from '@/api/client'
import { ApiProblem } from '@/api/problem'

export type PdfDocument = Pdfjs.PDFDocumentProxy
export type TextLayer = Pdfjs.TextLayer

/** What the modern build takes for granted and browsers of a year ago lack. */
const modern =
  'getOrInsertComputed' in Map.prototype && 'sumPrecise' in Math && 'try' in Promise && 'toHex' in Uint8Array.prototype

async function load(): Promise<typeof Pdfjs> {
  const pdfjs = modern ? await import('pdfjs-dist') : ((await import('pdfjs-dist/legacy/build/pdf.mjs')) as typeof Pdfjs)
  pdfjs.GlobalWorkerOptions.workerSrc = modern ? modernWorker : legacyWorker
  return pdfjs
}

let loaded: Promise<typeof Pdfjs> | undefined
export const loadPdfjs = () => (loaded ??= load())

/** Above this size only the parts that are looked at are fetched. */
const LARGE = 4_000_000
/** How much is fetched at once; every request costs a way there and back. */
const PART = 262_144
const PAUSE = 2_000

/** Parts of a file as pdf.js asks for them, each with a token that is good at that time. */
function partsOf(pdfjs: typeof Pdfjs, url: string, size: number, giveUp: () => void) {
  const stop = new AbortController()
  async function part(begin: number, end: number): Promise<ArrayBuffer | undefined> {
    while (!stop.signal.aborted) {
      try {
        return await readRange(url, begin, end, stop.signal)
      } catch (error) {
        // pdf.js waits for what it has asked for, so it gets it once the vault is back.
        if (stop.signal.aborted) return undefined
        if (!(error instanceof ApiProblem) || !error.transient) return void giveUp()
        await new Promise((resolve) => setTimeout(resolve, PAUSE))
      }
    }
    return undefined
  }
  class Parts extends pdfjs.PDFDataRangeTransport {
    override requestDataRange(begin: number, end: number) {
      void part(begin, end).then((bytes) => bytes && !stop.signal.aborted && this.onDataRange(begin, new Uint8Array(bytes)))
    }
    override abort() {
      stop.abort()
    }
  }
  return new Parts(size, null)
}

export async function openPdf(url: string, size: number, signal: AbortSignal): Promise<Pdfjs.PDFDocumentLoadingTask> {
  const pdfjs = await loadPdfjs()
  const giveUp = () => void task.destroy()
  const source =
    size > LARGE
      ? { range: partsOf(pdfjs, url, size, giveUp), rangeChunkSize: PART }
      : { data: await (await readBlob(url, signal)).arrayBuffer() }
  const task = pdfjs.getDocument({
    ...source,
    disableAutoFetch: size > LARGE,
    disableStream: size > LARGE,
    cMapUrl: '/pdfjs/cmaps/',
    cMapPacked: true,
    standardFontDataUrl: '/pdfjs/standard_fonts/',
    wasmUrl: '/pdfjs/wasm/',
    iccUrl: '/pdfjs/iccs/',
    enableXfa: false,
  })
  return task
}
