import { lazyComponent } from '@/lib/lazyComponent'

export const CommandPalette = lazyComponent(() => import('./CommandPalette.vue'))
export const ConfirmIdentityDialog = lazyComponent(() => import('./ConfirmIdentityDialog.vue'))
export const Drawer = lazyComponent(() => import('./Drawer.vue'))
export const FailuresDialog = lazyComponent(() => import('./FailuresDialog.vue'))
export const ShortcutsDialog = lazyComponent(() => import('./ShortcutsDialog.vue'))
export const Toasts = lazyComponent(() => import('./Toasts.vue'))
export const UploadPanel = lazyComponent(() => import('@/features/upload/UploadPanel.vue'))
