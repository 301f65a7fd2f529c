import { createDownloadUrl } from '@/api/accounts'
import type { Document } from '@/api/types'
import { toast } from './toast'
import { useErrorMessage } from './useErrorMessage'

/** Leaves a file to the browser to save. */
export function saveAs(url: string, name: string) {
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.rel = 'noopener'
  document.body.append(link)
  link.click()
  link.remove()
}

/** Downloads a document by a link that is good for a minute: the browser saves it as it comes, however large it is. */
export function useDownload() {
  const errorMessage = useErrorMessage()
  return async (document: Document) => {
    try {
      saveAs((await createDownloadUrl(document.id)).url, document.filename)
    } catch (error) {
      toast.error(errorMessage(error))
    }
  }
}
