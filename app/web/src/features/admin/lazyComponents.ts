import { defineAsyncComponent } from 'vue'

export const CreateUserDialog = defineAsyncComponent(() => import('./CreateUserDialog.vue'))
export const DeleteUserDialog = defineAsyncComponent(() => import('./DeleteUserDialog.vue'))
export const InviteDialog = defineAsyncComponent(() => import('./InviteDialog.vue'))
export const LinkDialog = defineAsyncComponent(() => import('./LinkDialog.vue'))
export const QuotaDialog = defineAsyncComponent(() => import('./QuotaDialog.vue'))
export const UserMenu = defineAsyncComponent(() => import('./UserMenu.vue'))
