// Makes the app installable. It keeps one page for when the vault cannot be reached, and takes files
// that other apps share. It caches neither documents nor answers nor the app itself: those must never
// be older than the vault, and the browser's own cache keeps what does not change.
const OFFLINE = 'dv-offline-1'
const SHARED = 'dv-shared'
const OFFLINE_PAGE = '/offline.html'
const OFFLINE_FILES = [OFFLINE_PAGE, '/offline.css', '/offline.js', '/favicon.svg']

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(OFFLINE)
      .then((cache) => cache.addAll(OFFLINE_FILES.map((url) => new Request(url, { cache: 'reload' }))))
      .then(() => self.skipWaiting()),
  )
})

self.addEventListener('activate', (event) => {
  const keep = (name) => name === OFFLINE || name === SHARED
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => !keep(name)).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  )
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (url.origin !== self.location.origin || url.pathname.startsWith('/api/')) return
  if (request.method === 'POST' && url.pathname === '/share') event.respondWith(takeShared(request))
  else if (request.method !== 'GET') return
  else if (request.mode === 'navigate') event.respondWith(fetch(request).catch(() => caches.match(OFFLINE_PAGE)))
  else if (OFFLINE_FILES.includes(url.pathname)) event.respondWith(fetch(request).catch(() => caches.match(url.pathname)))
})

/** Keeps shared files until the app has opened, which uploads them. */
async function takeShared(request) {
  try {
    const form = await request.formData()
    const cache = await caches.open(SHARED)
    const files = form.getAll('files').filter((entry) => entry instanceof File)
    await Promise.all(
      files.map((file, index) => {
        const headers = { 'content-type': file.type || 'application/octet-stream', 'x-file-name': encodeURIComponent(file.name) }
        return cache.put(`/shared/${Date.now()}-${index}`, new Response(file, { headers }))
      }),
    )
    return Response.redirect('/library?shared=', 303)
  } catch {
    return Response.redirect('/library', 303)
  }
}
