import { lazy } from '@/lib/lazy'

export const DateFilter = lazy(() => import('./DateFilter.vue'))
export const DocumentCard = lazy(() => import('./DocumentCard.vue'))
export const PreviewPanel = lazy(() => import('./PreviewPanel.vue'))
export const RowMenuItems = lazy(() => import('./RowMenuItems.vue'))
export const RowReview = lazy(() => import('./RowReview.vue'))
export const SelectionBar = lazy(() => import('./SelectionBar.vue'))
