import { lazy } from '@/lib/lazy'

export const CommandPalette = lazy(() => import('./CommandPalette.vue'))
export const ConfirmIdentityDialog = lazy(() => import('./ConfirmIdentityDialog.vue'))
export const Drawer = lazy(() => import('./Drawer.vue'))
export const FailuresDialog = lazy(() => import('./FailuresDialog.vue'))
export const ShortcutsDialog = lazy(() => import('./ShortcutsDialog.vue'))
export const Toasts = lazy(() => import('./Toasts.vue'))
export const UploadPanel = lazy(() => import('@/features/upload/UploadPanel.vue'))
