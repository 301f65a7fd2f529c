import { lazy } from '@/lib/lazy'

export const RowMenuItems = lazy(() => import('./RowMenuItems.vue'))
export const RowReview = lazy(() => import('./RowReview.vue'))
