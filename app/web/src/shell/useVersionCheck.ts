import { useEventListener } from '@vueuse/core'
import { onScopeDispose } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRouter } from 'vue-router'
import { readAppPage } from '@/api/client'
import { toast } from '@/lib/toast'
import { useUi } from '@/stores/ui'

const SCRIPT = 'script[type=module][src]'

/** Whether the server has another build than this one: its script has another name. */
async function outdated(): Promise<boolean> {
  const mine = document.querySelector(SCRIPT)?.getAttribute('src')
  const page = new DOMParser().parseFromString(await readAppPage(), 'text/html')
  return page.querySelector(SCRIPT)?.getAttribute('src') !== mine
}

/** What to do when parts of the app cannot be fetched: the vault is away, or has been updated. */
export function useVersionCheck() {
  const { t } = useI18n()
  const router = useRouter()
  const ui = useUi()

  async function check() {
    if (!(await outdated().catch(() => false))) return
    // Not automatically, because a form or an upload may be in progress.
    const reload = { label: t('shell.reload'), onClick: () => location.reload() }
    toast.message(t('shell.updated'), { id: 'updated', duration: Infinity, action: reload })
  }

  // While the vault is away it cannot be asked; once it is back, it is.
  useEventListener(window, 'vite:preloadError', () => ui.connection === 'open' && void check())
  onScopeDispose(
    router.onError((_error, to) => {
      const again = { label: t('common.tryAgain'), onClick: () => void router.push(to) }
      toast.error(t('shell.pageFailed'), { id: 'page', action: again })
    }),
  )
  return check
}
