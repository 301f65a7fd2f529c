import { lazy } from '@/lib/lazy'

export const ConfirmDialog = lazy(() => import('./ConfirmDialog.vue'))
export const FilterOptions = lazy(() => import('./FilterOptions.vue'))
export const TopicPicker = lazy(() => import('./TopicPicker.vue'))
