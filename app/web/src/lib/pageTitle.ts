import { ref, watchEffect } from 'vue'
import { useUploads } from '@/stores/uploads'

/** The title of what is on the screen. */
export const pageTitle = ref('')

/** Keeps the tab's title: how far uploads are comes first, because tabs are narrow. */
export function useTabTitle() {
  const uploads = useUploads()
  watchEffect(() => {
    const progress = uploads.active.length ? `(${Math.floor(uploads.progress.share * 100)} %) ` : ''
    document.title = progress + (pageTitle.value ? `${pageTitle.value} · DocuVault` : 'DocuVault')
  })
}
