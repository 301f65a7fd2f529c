import { lazyComponent } from '@/lib/lazyComponent'

export const DateFilter = lazyComponent(() => import('./DateFilter.vue'))
export const DocumentCard = lazyComponent(() => import('./DocumentCard.vue'))
export const PreviewPanel = lazyComponent(() => import('./PreviewPanel.vue'))
export const SelectionBar = lazyComponent(() => import('./SelectionBar.vue'))
