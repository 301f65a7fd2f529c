import { cpSync, createReadStream, existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, URL } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import vue from '@vitejs/plugin-vue'
import { defineConfig, type Plugin } from 'vite'

const pdfjs = fileURLToPath(new URL('./node_modules/pdfjs-dist', import.meta.url))

/** Character maps, fonts and decoders that pdf.js fetches for the few documents that need them. */
function pdfjsData(): Plugin[] {
  const folders = ['cmaps', 'standard_fonts', 'wasm', 'iccs']
  return [
    {
      name: 'pdfjs-data-serve',
      apply: 'serve',
      configureServer(server) {
        server.middlewares.use('/pdfjs', (request, response, next) => {
          const path = join(pdfjs, decodeURIComponent((request.url ?? '').split('?')[0]!))
          if (!path.startsWith(pdfjs) || !existsSync(path) || !statSync(path).isFile()) return next()
          createReadStream(path).pipe(response)
        })
      },
    },
    {
      name: 'pdfjs-data-build',
      apply: 'build',
      closeBundle() {
        for (const folder of folders) {
          cpSync(join(pdfjs, folder), `dist/pdfjs/${folder}`, {
            recursive: true,
            filter: (source) => !source.includes('quickjs'),
          })
        }
      },
    },
  ]
}

// The policy the server sends, so that a preview breaks where the product would.
const csp =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; " +
  "connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

const vault = process.env.DOCUVAULT_DEV_SERVER ?? 'http://127.0.0.1:8080'
const proxy = { '/api': { target: vault, changeOrigin: true } }

export default defineConfig({
  plugins: [vue(), tailwindcss(), pdfjsData()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  define: {
    __VUE_OPTIONS_API__: 'true',
    __VUE_I18N_LEGACY_API__: 'false',
    __VUE_I18N_FULL_INSTALL__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
  },
  server: { proxy },
  preview: { proxy, headers: { 'content-security-policy': csp, 'x-content-type-options': 'nosniff' } },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    reportCompressedSize: false,
  },
})
