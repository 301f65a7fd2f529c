// What people download, gzipped, against what we allow ourselves. Run after `npm run build`.
import { existsSync, readFileSync, statSync } from 'node:fs'

const KB = 1000
const manifest = JSON.parse(readFileSync('dist/.vite/manifest.json', 'utf8'))
const gzipped = (file) => statSync(existsSync(`dist/${file}.gz`) ? `dist/${file}.gz` : `dist/${file}`).size
const sum = (files) => [...files].reduce((total, file) => total + gzipped(file), 0)

/** An entry and everything it imports at once. */
function withImports(key, found = new Set()) {
  if (found.has(key)) return found
  found.add(key)
  for (const imported of manifest[key].imports ?? []) withImports(imported, found)
  return found
}
const scripts = (keys) => [...keys].map((key) => manifest[key].file).filter((file) => file.endsWith('.js'))
const keyOf = (part) => {
  const key = Object.keys(manifest).find((each) => each.endsWith(part))
  if (!key) throw new Error(`The build has no ${part}`)
  return key
}

const together = (...parts) => parts.reduce((found, part) => withImports(keyOf(part), found), new Set())

// The texts of one language come with the first page.
const entry = ['index.html', 'locales/en.json']
const first = together(...entry, 'shell/AppShell.vue', 'library/LibraryPage.vue')
const signIn = together(...entry, 'locales/en.accounts.json', 'auth/AuthLayout.vue', 'auth/SignInPage.vue')
const page = [...withImports(keyOf('document/DocumentPage.vue'))].filter((key) => !first.has(key))
const pdf = [...withImports(keyOf('pdfjs-dist/build/pdf.mjs'))].filter((key) => !first.has(key))
const styles = new Set(Object.values(manifest).flatMap((chunk) => [...(chunk.css ?? []), ...(chunk.file.endsWith('.css') ? [chunk.file] : [])]))

const budgets = [
  ['first route, JS', sum(scripts(first)), 150 * KB],
  ['sign-in page, JS', sum(scripts(signIn)), 100 * KB],
  ['CSS, all', sum(styles), 20 * KB],
  ['document page with pdf.js, JS', sum(new Set(scripts([...page, ...pdf]))), 160 * KB],
]
let over = false
for (const [name, size, most] of budgets) {
  const exceeded = size > most
  over ||= exceeded
  console.log(`${exceeded ? 'OVER' : '  ok'}  ${(size / KB).toFixed(1).padStart(6)} of ${most / KB} KB  ${name}`)
}
process.exit(over ? 1 : 0)
