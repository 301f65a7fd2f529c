import type { PdfDocument } from './pdf'

/** Good print, moderate memory. */
const DPI = 150

/** Prints pictures, one a page, in place of the app. */
async function printPictures(urls: readonly string[], done?: () => void) {
  const sheet = document.createElement('div')
  sheet.className = 'print-sheet'
  const pictures = urls.map((url) => {
    const picture = new Image()
    picture.src = url
    return picture
  })
  sheet.append(...pictures)
  document.body.append(sheet)
  await Promise.all(pictures.map((picture) => picture.decode()))
  const finish = () => {
    sheet.remove()
    done?.()
  }
  window.addEventListener('afterprint', finish, { once: true })
  window.print()
}

export const printPicture = (url: string) => printPictures([url])

/** Draws every page and prints them; `progress` is called with each page. */
export async function printPdf(pdf: PdfDocument, rotation: number, progress: (page: number) => void, signal: AbortSignal) {
  const urls: string[] = []
  const release = () => urls.forEach((url) => URL.revokeObjectURL(url))
  try {
    for (let number = 1; number <= pdf.numPages; number += 1) {
      signal.throwIfAborted()
      progress(number)
      const page = await pdf.getPage(number)
      const viewport = page.getViewport({ scale: DPI / 72, rotation: (page.rotate + rotation) % 360 })
      const canvas = document.createElement('canvas')
      canvas.width = Math.ceil(viewport.width)
      canvas.height = Math.ceil(viewport.height)
      await page.render({ canvas, viewport, intent: 'print' }).promise
      const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve))
      if (blob) urls.push(URL.createObjectURL(blob))
    }
    signal.throwIfAborted()
    await printPictures(urls, release)
  } catch (error) {
    release()
    throw error
  }
}
