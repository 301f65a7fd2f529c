import { lazy } from '@/lib/lazy'

export const AccountMenu = lazy(() => import('./AccountMenu.vue'))
export const UploadMenu = lazy(() => import('./UploadMenu.vue'))
