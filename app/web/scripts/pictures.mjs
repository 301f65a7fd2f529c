// Twelve pictures of the app at work, to be looked at; two of them are in the README.
//   DOCUVAULT_BIN=…/docuvault node scripts/pictures.mjs [folder]
import { mkdir, readFile, readdir } from 'node:fs/promises'
import { launch } from '../tests/e2e/browser.mjs'
import { text } from '../tests/e2e/files.mjs'
import { keepSession, signIn, upload } from '../tests/e2e/steps.mjs'
import { startVault } from '../tests/e2e/vault.mjs'

const README = '../../docs/images'
const PAPERS = '../../adapters/ai/eval/household/train'
const A_TOPIC = 3
const folder = process.argv[2] ?? '../../target/pictures'
await mkdir(folder, { recursive: true })
await mkdir(README, { recursive: true })

/** Some household papers of our own writing: file names and texts. */
async function papers() {
  const found = []
  for (const topic of await readdir(PAPERS)) {
    const parts = (await readFile(`${PAPERS}/${topic}`, 'utf8')).split(/^=== /m).slice(1, 1 + A_TOPIC)
    for (const part of parts) {
      const [head, ...lines] = part.split('\n')
      found.push({ name: head.split('|')[1].trim(), words: lines.join('\n').trim() })
    }
  }
  return found
}

/** The text as a letter on paper. */
async function asPdf(page, { words }) {
  const escaped = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  const [first, ...rest] = escaped.split('\n')
  await page.setContent(`
    <style>pre { font: 9.5pt/1.55 "DejaVu Sans Mono", monospace; white-space: pre-wrap } b { font: bold 15pt "DejaVu Sans", sans-serif; color: #1f3f7a }</style>
    <pre><b>${first}</b>\n${rest.join('\n')}</pre>`)
  return page.pdf({ format: 'A4', margin: { top: '22mm', bottom: '22mm', left: '24mm', right: '20mm' } })
}

async function fill(vault, browser) {
  const page = await browser.newPage()
  for (const paper of await papers()) {
    if (/\.pdf$/i.test(paper.name)) await vault.add(paper.name, await asPdf(page, paper))
    else await vault.add(paper.name, paper.words)
  }
  await page.close()
  const open = async () => (await vault.api('/documents?status=pending&limit=1')).items.length + (await vault.api('/documents?status=processing&limit=1')).items.length
  while (await open()) await new Promise((resolve) => setTimeout(resolve, 200))
}

const vault = await startVault(process.env.DOCUVAULT_BIN)
const browser = await launch()
await vault.haveOwner()
await fill(vault, browser)
const { items } = await vault.api('/documents?mime_type=application/pdf&sort=title&limit=50')
const letter = items.find(({ topics }) => topics.some(({ state }) => state === 'applied')) ?? items[0]
const settled = (page) => page.waitForTimeout(900)

const STATES = {
  library: { path: '/library' },
  grid: {
    path: '/library',
    async act(page) {
      await page.keyboard.press('v')
      await page.keyboard.press('Space')
    },
  },
  review: { path: '/review' },
  selection: {
    path: '/library',
    async act(page) {
      for (const n of [1, 2, 4]) await page.getByRole('row').nth(n).getByRole('checkbox').click()
      await page.keyboard.press('t')
    },
  },
  upload: {
    path: '/library',
    async act(page) {
      await upload(page, { name: 'Letter to the landlord.txt', ...text('Dear Sir or Madam, the heating in the hall is cold.') }, { name: 'empty.txt', ...text('') })
    },
  },
  palette: { path: '/library', act: (page) => page.keyboard.press('Control+k') },
  document: { path: `/documents/${letter.id}` },
  'document-dark': { path: `/documents/${letter.id}`, options: { colorScheme: 'dark' } },
  'library-dark': { path: '/library', options: { colorScheme: 'dark' } },
  'library-phone': { path: '/library', phone: true },
  'document-phone': { path: `/documents/${letter.id}`, phone: true },
  'review-phone-dark': { path: '/review', phone: true, options: { colorScheme: 'dark' } },
}
const IN_README = ['library', 'document']

for (const [name, { path, act, phone = false, options }] of Object.entries(STATES)) {
  const size = phone ? { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true } : { viewport: { width: 1440, height: 900 } }
  const context = await browser.newContext({ baseURL: vault.url, locale: 'en-GB', ...size, ...options })
  const page = await context.newPage()
  page.on('filechooser', () => {})
  await signIn(page)
  await page.goto(path)
  await settled(page)
  await act?.(page)
  await settled(page)
  await page.screenshot({ path: `${folder}/${name}.png` })
  if (IN_README.includes(name)) await page.screenshot({ path: `${README}/${name}.png` })
  await keepSession(context, true)
  await context.close()
}
await browser.close()
await vault.end()
console.log(`The pictures are in ${folder}.`)
