import { useI18n } from 'vue-i18n'
import { useRouter } from 'vue-router'
import { toast } from '@/lib/toast'
import { keys } from '@/api/keys'
import { useCacheSync } from '@/api/cacheSync'
import { cachedDocument } from '@/api/documentCache'
import { queryClient } from '@/api/queryClient'
import type { Document } from '@/api/types'
import { announce } from '@/lib/announce'
import { useNewDocuments } from '@/stores/newDocuments'
import { useSelection } from '@/stores/selection'
import { useUi } from '@/stores/ui'
import { useUploads } from '@/stores/uploads'

/** Shows the server's events: in lists, as messages, and as the state of the connection. */
export function useServerEvents(onReconnected: () => void) {
  const { t } = useI18n()
  const router = useRouter()
  const ui = useUi()
  const newDocuments = useNewDocuments()
  const selection = useSelection()
  const uploads = useUploads()

  uploads.onSent((document) => {
    // An event may have brought a newer state before this answer came: shown, and fetched again.
    queryClient.setQueryData<Document>(keys.document(document.id), (known) => known ?? document, { updatedAt: 1 })
  })

  let failures = 0
  function onJobFailed(id: string, detail: string) {
    const title = cachedDocument(queryClient, id)?.title
    failures += 1
    const open = { label: t('action.open'), onClick: () => void router.push({ name: 'document', params: { id } }) }
    const many = failures > 1
    toast.error(many ? t('live.failedMany', { n: failures }, failures) : t('live.failed', { title: title ?? t('live.aDocument') }), {
      id: 'failed',
      description: many ? undefined : detail,
      action: many ? undefined : open,
      duration: 10_000,
      onAutoClose: () => (failures = 0),
      onDismiss: () => (failures = 0),
    })
  }

  return useCacheSync({
    added(list, id) {
      newDocuments.add(list, id)
      const count = newDocuments.count(list)
      announce(t('list.new', { n: count }, count))
    },
    removed(id) {
      newDocuments.remove(id)
      selection.forget([id])
    },
    onJobFailed,
    onState: (state) => (ui.connection = state),
    onReconnected,
  })
}
