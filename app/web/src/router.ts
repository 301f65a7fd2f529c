import { nextTick } from 'vue'
import { createRouter, createWebHistory } from 'vue-router'
import LibraryPage from './features/library/LibraryPage.vue'

declare module 'vue-router' {
  interface RouteMeta {
    /** The key of the page's name. */
    title?: string
    /** Whether the text in the search field narrows this page. */
    searchable?: boolean
  }
}

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', redirect: '/library' },
    { path: '/library', name: 'library', component: LibraryPage, meta: { title: 'nav.library', searchable: true } },
    {
      path: '/review',
      name: 'review',
      component: () => import('./features/library/ReviewPage.vue'),
      meta: { title: 'nav.review', searchable: true },
    },
    {
      path: '/trash',
      name: 'trash',
      component: () => import('./features/library/TrashPage.vue'),
      meta: { title: 'nav.trash', searchable: true },
    },
    { path: '/documents/:id', name: 'document', component: () => import('./features/document/DocumentPage.vue'), meta: { title: 'nav.document' } },
    { path: '/:path(.*)*', name: 'missing', component: () => import('./features/MissingPage.vue'), meta: { title: 'missing.title' } },
  ],
})

// Whoever cannot see that the page has changed hears its heading.
router.afterEach((to, from, failure) => {
  if (failure || to.path === from.path || from.name === undefined) return
  void nextTick(() => document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true }))
})
