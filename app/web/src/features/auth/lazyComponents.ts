import { defineAsyncComponent } from 'vue'

/** Few instances demand it: not fetched with the sign-in page. */
export const EnrolmentStep = defineAsyncComponent(() => import('./EnrolmentStep.vue'))
