import { lazy } from '@/lib/lazy'

export const ActivityTab = lazy(() => import('./ActivityTab.vue'))
export const DocumentMenu = lazy(() => import('./DocumentMenu.vue'))
export const TextTab = lazy(() => import('./TextTab.vue'))
