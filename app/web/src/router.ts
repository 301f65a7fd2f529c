import { nextTick } from 'vue'
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { loadTexts } from './i18n'
import { guard } from './session/guard'

declare module 'vue-router' {
  interface RouteMeta {
    /** The key of the page's name. */
    title?: string
    /** Whether the text in the search field narrows this page. */
    searchable?: boolean
    /** For people who are not signed in. `always`: for the others as well. */
    public?: boolean | 'always'
    /** For administrators; to others the page does not exist. */
    admin?: boolean
    /** Pages with the same layout keep it mounted when navigating between them. */
    layout?: string
    /** The texts of accounts are needed. */
    accounts?: boolean
  }
}

// After the others: the layout of the app pages has the same path.
const publicPages: RouteRecordRaw = {
  path: '/',
  component: () => import('./features/auth/AuthLayout.vue'),
  meta: { accounts: true },
  children: [
    { path: 'sign-in', name: 'sign-in', component: () => import('./features/auth/SignInPage.vue'), meta: { title: 'signIn.title', public: true } },
    { path: 'register', name: 'register', component: () => import('./features/auth/RegisterPage.vue'), meta: { title: 'register.title', public: true } },
    { path: 'setup', name: 'setup', component: () => import('./features/auth/SetupPage.vue'), meta: { title: 'setup.title', public: true } },
    { path: 'forgot', name: 'forgot', component: () => import('./features/auth/ForgotPage.vue'), meta: { title: 'forgot.title', public: true } },
    { path: 'reset', name: 'reset', component: () => import('./features/auth/ResetPage.vue'), meta: { title: 'reset.title', public: 'always' } },
  ],
}

const settings: RouteRecordRaw = {
  path: 'settings',
  component: () => import('./features/settings/SettingsLayout.vue'),
  meta: { accounts: true, layout: 'settings' },
  children: [
    { path: '', name: 'settings', redirect: { name: 'settings-profile' } },
    { path: 'profile', name: 'settings-profile', component: () => import('./features/settings/ProfilePage.vue'), meta: { title: 'settings.profile' } },
    { path: 'preferences', name: 'settings-preferences', component: () => import('./features/settings/PreferencesPage.vue'), meta: { title: 'settings.preferences' } },
    { path: 'password', name: 'settings-password', component: () => import('./features/settings/PasswordPage.vue'), meta: { title: 'settings.password' } },
    { path: 'two-step', name: 'settings-two-step', component: () => import('./features/settings/TwoStepPage.vue'), meta: { title: 'settings.two-step' } },
    { path: 'sessions', name: 'settings-sessions', component: () => import('./features/settings/SessionsPage.vue'), meta: { title: 'settings.sessions' } },
    { path: 'tokens', name: 'settings-tokens', component: () => import('./features/settings/TokensPage.vue'), meta: { title: 'settings.tokens' } },
    { path: 'delete', name: 'settings-delete', component: () => import('./features/settings/DeletePage.vue'), meta: { title: 'settings.delete' } },
  ],
}

const admin: RouteRecordRaw = {
  path: 'admin',
  component: () => import('./features/admin/AdminLayout.vue'),
  meta: { accounts: true, admin: true, layout: 'admin' },
  children: [
    { path: '', name: 'admin', redirect: { name: 'admin-users' } },
    { path: 'users', name: 'admin-users', component: () => import('./features/admin/UsersPage.vue'), meta: { title: 'admin.users' } },
    { path: 'invites', name: 'admin-invites', component: () => import('./features/admin/InvitesPage.vue'), meta: { title: 'admin.invites' } },
    { path: 'audit', name: 'admin-audit', component: () => import('./features/admin/AuditPage.vue'), meta: { title: 'admin.audit' } },
    { path: 'mail', name: 'admin-mail', component: () => import('./features/admin/MailPage.vue'), meta: { title: 'admin.mail' } },
  ],
}

const appPages: RouteRecordRaw = {
  path: '/',
  component: () => import('./shell/AppShell.vue'),
  children: [
    { path: '', redirect: '/library' },
    {
      path: 'library',
      name: 'library',
      component: () => import('./features/library/LibraryPage.vue'),
      meta: { title: 'nav.library', searchable: true },
    },
    {
      path: 'review',
      name: 'review',
      component: () => import('./features/library/ReviewPage.vue'),
      meta: { title: 'nav.review', searchable: true },
    },
    {
      path: 'trash',
      name: 'trash',
      component: () => import('./features/library/TrashPage.vue'),
      meta: { title: 'nav.trash', searchable: true },
    },
    { path: 'documents/:id', name: 'document', component: () => import('./features/document/DocumentPage.vue'), meta: { title: 'nav.document' } },
    settings,
    admin,
    { path: ':path(.*)*', name: 'missing', component: () => import('./features/MissingPage.vue'), meta: { title: 'missing.title' } },
  ],
}

export const router = createRouter({ history: createWebHistory(), routes: [appPages, publicPages] })

router.beforeEach(guard)
router.beforeResolve(async (to) => {
  if (to.meta.accounts) await loadTexts('accounts')
})

// Moves focus to the heading, so that screen readers announce the new page.
router.afterEach((to, from, failure) => {
  if (failure || to.path === from.path || from.name === undefined) return
  void nextTick(() => document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true }))
})
