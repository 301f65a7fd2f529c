import { lazyComponent } from '@/lib/lazyComponent'

export const ConfirmDialog = lazyComponent(() => import('./ConfirmDialog.vue'))
export const FilterOptions = lazyComponent(() => import('./FilterOptions.vue'))
export const TopicPicker = lazyComponent(() => import('./TopicPicker.vue'))
