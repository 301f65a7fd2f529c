import { useRouter } from 'vue-router'
import { useFilePicker } from '@/lib/filePicker'
import { useShortcuts } from '@/lib/shortcuts'
import { undoLast } from '@/lib/undo'
import { isAdmin } from '@/session/session'
import { useUi } from '@/stores/ui'

export function useGlobalShortcuts() {
  const router = useRouter()
  const ui = useUi()
  const picker = useFilePicker()
  const go = (name: string) => () => void router.push({ name })

  useShortcuts([
    { id: 'palette', scope: 'anywhere', keys: ['mod+k'], whileTyping: true, run: () => void (ui.palette = !ui.palette) },
    { id: 'search', scope: 'anywhere', keys: ['/'], run: () => document.getElementById('search')?.focus() },
    { id: 'help', scope: 'anywhere', keys: ['?'], run: () => void (ui.help = true) },
    { id: 'upload', scope: 'anywhere', keys: ['u'], run: () => picker.pick('files') },
    { id: 'undo', scope: 'anywhere', keys: ['mod+z'], run: () => undoLast() || false },
    { id: 'goLibrary', scope: 'anywhere', keys: ['g l'], run: go('library') },
    { id: 'goReview', scope: 'anywhere', keys: ['g r'], run: go('review') },
    { id: 'goTrash', scope: 'anywhere', keys: ['g t'], run: go('trash') },
    { id: 'goSettings', scope: 'anywhere', keys: ['g s'], run: go('settings') },
    ...(isAdmin.value ? [{ id: 'goAdmin', scope: 'anywhere' as const, keys: ['g a'], run: go('admin') }] : []),
  ])
}
