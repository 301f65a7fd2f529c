import { useI18n } from 'vue-i18n'
import { useRouter } from 'vue-router'
import { toast } from '@/lib/toast'
import { keys } from '@/api/keys'
import { useLiveDocuments } from '@/api/live'
import { knownDocument } from '@/api/patches'
import { queryClient } from '@/api/queryClient'
import type { Document } from '@/api/types'
import { announce } from '@/lib/announce'
import { useNews } from '@/stores/news'
import { useSelection } from '@/stores/selection'
import { useUi } from '@/stores/ui'
import { useUploads } from '@/stores/uploads'

/** Brings what the vault tells onto the screen. */
export function useLive(back: () => void) {
  const { t } = useI18n()
  const router = useRouter()
  const ui = useUi()
  const news = useNews()
  const selection = useSelection()
  const uploads = useUploads()

  uploads.onSent((document) => {
    // Events may have told more before this answer came: it is shown, and asked for again.
    queryClient.setQueryData<Document>(keys.one(document.id), (known) => known ?? document, { updatedAt: 1 })
  })

  let failures = 0
  function failed(id: string, detail: string) {
    const title = knownDocument(queryClient, id)?.title
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

  return useLiveDocuments({
    arrived(list, id) {
      news.arrived(list, id)
      announce(t('list.new', { n: news.count(list) }, news.count(list)))
    },
    left(id) {
      news.left(id)
      selection.forget([id])
    },
    failed,
    state: (state) => (ui.connection = state),
    back,
  })
}
