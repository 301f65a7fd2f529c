import { lazy } from '@/lib/lazy'

export const DocumentMenu = lazy(() => import('./DocumentMenu.vue'))
export const TextTab = lazy(() => import('./TextTab.vue'))
