import type { PDFDocumentLoadingTask } from 'pdfjs-dist'
import { onScopeDispose, ref, shallowRef } from 'vue'
import { openPdf, type PdfDocument } from './pdf'

/** A PDF while it is open, with the password asked for when it needs one. */
export function usePdf(url: string, size: number) {
  const pdf = shallowRef<PdfDocument>()
  const failed = ref(false)
  const password = shallowRef<{ wrong: boolean; answer: (password: string) => void }>()
  let task: PDFDocumentLoadingTask | undefined
  const stop = new AbortController()

  async function open() {
    try {
      task = await openPdf(url, size, stop.signal)
      if (stop.signal.aborted) return void task.destroy()
      task.onPassword = (answer: (password: string) => void, reason: number) => {
        const WRONG = 2
        password.value = { wrong: reason === WRONG, answer }
      }
      pdf.value = await task.promise
      password.value = undefined
    } catch {
      // Damaged, or the server was not reached.
      if (!stop.signal.aborted) failed.value = true
    }
  }

  void open()
  onScopeDispose(() => {
    stop.abort()
    void task?.destroy()
  })
  return { pdf, failed, password }
}
