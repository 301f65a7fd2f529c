import { lazy } from '@/lib/lazy'

export const DateFilter = lazy(() => import('./DateFilter.vue'))
export const DocumentCard = lazy(() => import('./DocumentCard.vue'))
export const PreviewPanel = lazy(() => import('./PreviewPanel.vue'))
export const SelectionBar = lazy(() => import('./SelectionBar.vue'))
