import { lazyComponent } from '@/lib/lazyComponent'

export const ActivityTab = lazyComponent(() => import('./ActivityTab.vue'))
export const DocumentMenu = lazyComponent(() => import('./DocumentMenu.vue'))
export const TextTab = lazyComponent(() => import('./TextTab.vue'))
