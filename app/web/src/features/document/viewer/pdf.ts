import type * as Pdfjs from 'pdfjs-dist'
import modernWorker from 'pdfjs-dist/build/pdf.worker.min.mjs?url'
import legacyWorker from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url'

export type PdfDocument = Pdfjs.PDFDocumentProxy
export type PdfPage = Pdfjs.PDFPageProxy
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

export async function openPdf(url: string, size: number): Promise<Pdfjs.PDFDocumentLoadingTask> {
  const pdfjs = await loadPdfjs()
  return pdfjs.getDocument({
    url,
    disableAutoFetch: size > LARGE,
    disableStream: size > LARGE,
    cMapUrl: '/pdfjs/cmaps/',
    cMapPacked: true,
    standardFontDataUrl: '/pdfjs/standard_fonts/',
    wasmUrl: '/pdfjs/wasm/',
    iccUrl: '/pdfjs/iccs/',
    enableXfa: false,
  })
}
