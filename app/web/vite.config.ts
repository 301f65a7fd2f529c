import { cpSync, createReadStream, existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, URL } from 'node:url'
import { baseCompile } from '@intlify/message-compiler'
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

/** What `public/api/docs` renders the API's contract with. */
function swaggerUi(): Plugin {
  return {
    name: 'swagger-ui',
    apply: 'build',
    closeBundle() {
      for (const file of ['swagger-ui-bundle.js', 'swagger-ui.css']) {
        cpSync(`node_modules/swagger-ui-dist/${file}`, `dist/api/docs/${file}`)
      }
    },
  }
}

type Messages = string | { [key: string]: Messages }

/** Parses the texts while building, so that browsers need no parser for them. */
function compiledMessages(): Plugin {
  const plain = (message: string) => !/[{}|@]/.test(message)
  const compile = (messages: Messages): unknown =>
    typeof messages === 'string'
      ? plain(messages)
        ? messages
        : baseCompile(messages, { jit: true, minify: true, location: false }).ast
      : Object.fromEntries(Object.entries(messages).map(([key, each]) => [key, compile(each)]))
  return {
    name: 'compiled-messages',
    apply: 'build',
    enforce: 'pre',
    load(id) {
      if (!/\/locales\/[\w.]+\.json$/.test(id)) return null
      return JSON.stringify(compile(JSON.parse(readFileSync(id, 'utf8')) as Messages))
    },
  }
}

const vault = process.env.DOCUVAULT_DEV_SERVER ?? 'http://127.0.0.1:8080'

export default defineConfig(({ command }) => ({
  plugins: [vue(), tailwindcss(), pdfjsData(), swaggerUi(), compiledMessages()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  define: {
    __VUE_OPTIONS_API__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
    __VUE_I18N_FULL_INSTALL__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
    __INTLIFY_DROP_MESSAGE_COMPILER__: String(command === 'build'),
  },
  server: { proxy: { '/api': { target: vault, changeOrigin: true } } },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // Some dozens of tiny files would be fetched and compressed one by one. Each group takes what it
        // imports with it, so those that the first pages need come first.
        advancedChunks: {
          groups: [
            { name: 'vue', test: /node_modules\/(@vue|vue|@intlify|vue-router|vue-i18n|pinia|@tanstack\/(query-core|vue-query)|openapi-fetch)\// },
            { name: 'base', test: /src\/(session|i18n|api\/(accounts|client|http|keys|problem|queryClient)|lib\/(format|lazyComponent|toast|uuid|useErrorMessage)|ui\/Btn)\b|@lucide\/vue\/dist\/esm\/(Icon|context|createLucideIcon|shared|icons\/(arrow-left|circle-check|triangle-alert))\b/ },
            { name: 'forms', test: /src\/(lib\/(password|totpCode|useForm)|ui\/(Callout|CheckField|PinInput|Field|NewPasswordField))\b/ },
            { name: 'app', test: /src\/(?!ui\/(ConfirmDialog|CopyField|QueryState|LoadMore|Dialog|PageHeading|Select)\b)(ui|lib|stores|api)\/|@lucide/, minShareCount: 3 },
          ],
        },
      },
    },
  },
}))
