import { lazyComponent } from '@/lib/lazyComponent'

export const AccountMenu = lazyComponent(() => import('./AccountMenu.vue'))
export const UploadMenu = lazyComponent(() => import('./UploadMenu.vue'))
