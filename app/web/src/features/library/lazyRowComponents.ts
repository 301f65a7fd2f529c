import { lazyComponent } from '@/lib/lazyComponent'

export const RowMenuItems = lazyComponent(() => import('./RowMenuItems.vue'))
export const RowReview = lazyComponent(() => import('./RowReview.vue'))
