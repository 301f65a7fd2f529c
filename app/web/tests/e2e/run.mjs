// Journeys through the built app in a real browser against a real vault.
//   DOCUVAULT_BIN=…/docuvault npm run e2e        SHOTS=folder keeps pictures
import assert from 'node:assert/strict'
import { launch, open } from './browser.mjs'
import { pdf, png, text } from './files.mjs'
import { startVault } from './vault.mjs'

const binary = process.env.DOCUVAULT_BIN
if (!binary) {
  console.error('Set DOCUVAULT_BIN to the docuvault binary.')
  process.exit(1)
}
const only = process.argv[2]
const vault = await startVault(binary)
const browser = await launch()
let passed = 0
let failed = 0

async function journey(name, run, options) {
  if (only && !name.includes(only)) return
  const complaints = []
  const tab = await open(browser, vault.url, complaints, options)
  try {
    await run(tab)
    assert.deepEqual(complaints, [])
    passed += 1
    console.log(`ok    ${name}`)
  } catch (error) {
    failed += 1
    console.log(`FAIL  ${name}\n${error.stack}\n${complaints.join('\n')}`)
    if (process.env.SHOTS) await tab.page.screenshot({ path: `${process.env.SHOTS}/FAIL-${name.replaceAll(' ', '-')}.png` })
  } finally {
    await tab.context.close()
  }
}

const row = (page, title) => page.getByRole('row').filter({ hasText: title })
async function upload(page, ...files) {
  const chooser = page.waitForEvent('filechooser')
  await page.keyboard.press('u')
  await (await chooser).setFiles(files)
}
const api = async (path, init) => (await fetch(`${vault.api}/api${path}`, init)).json()
const find = async (q) => (await api(`/documents?q=${encodeURIComponent(q)}`)).items[0]

await journey('an empty vault invites to upload', async ({ page, check }) => {
  await page.goto('/')
  await page.getByText('Your documents go here').waitFor()
  await check('empty')
})

await journey('five files arrive, are read, and twice the same is asked about', async ({ page, check, expected }) => {
  // The answer to a duplicate.
  expected.push(/upload/)
  await page.goto('/library')
  await page.getByText('Your documents go here').waitFor()
  await upload(
    page,
    { name: 'lease.pdf', ...pdf('Lease agreement for 8 Linden Row', 'The deposit is returned within 14 days', 'Signed in Leeds, deposit paid') },
    { name: 'invoice.txt', ...text('Invoice 4711\nPlease pay the amount due of 42.00 EUR within 14 days.\nDate: 3 March 2026\n') },
    { name: 'note.txt', ...text('A note without much in it.') },
    { name: 'pixel.png', ...png() },
    { name: 'nothing.txt', ...text('') },
  )
  const panel = page.getByRole('region', { name: 'Uploads' })
  await panel.getByText('1 file needs your attention').waitFor()
  await panel.getByText('The file has no content. Nothing was kept.').waitFor()
  await panel.getByText('Ready', { exact: true }).first().waitFor()
  // Nobody points at the list: what arrived is there without asking.
  await row(page, 'invoice').or(row(page, 'Invoice')).first().waitFor()
  await page.getByRole('status').filter({ hasText: '4 documents' }).or(page.getByRole('button', { name: /new document/ })).first().waitFor()
  await check('uploads')

  await upload(page, { name: 'again.txt', ...text('A note without much in it.') })
  await panel.getByText('You have a document with exactly this content.').waitFor()
  await panel.getByRole('button', { name: 'Keep both' }).click()
  await page.getByRole('status').filter({ hasText: '5 documents' }).or(page.getByRole('button', { name: '1 new document' })).first().waitFor()
  assert.equal((await api('/documents?limit=1&total=true')).total, 5)
})

await journey('a try whose answer is lost does not double a document', async ({ page, expected }) => {
  expected.push(/upload/)
  await page.goto('/library')
  await page.getByRole('grid').waitFor()
  // The vault gets it, the browser never hears of it.
  await page.route('**/api/documents/upload*', async (route) => {
    await route.fetch()
    await route.abort()
  }, { times: 1 })
  await upload(page, { name: 'once.txt', ...text('Only once, whatever happens.') })
  const panel = page.getByRole('region', { name: 'Uploads' })
  await panel.getByRole('button', { name: 'Try again' }).click()
  await panel.getByText('1 document added').waitFor()
  assert.equal((await api('/documents?q=once&total=true')).total, 1)
})

await journey('documents are filed, trashed, and all of it taken back', async ({ page, check }) => {
  await page.goto('/library')
  await row(page, 'note').first().waitFor()
  await page.getByRole('checkbox', { name: 'Select note', exact: true }).click()
  await page.getByRole('checkbox', { name: 'Select once' }).click()
  await page.getByText('2 selected').waitFor()
  await page.keyboard.press('t')
  await page.getByPlaceholder('Find or make a topic').fill('Keepsakes')
  await page.keyboard.press('Enter')
  await page.getByText('Filed 2 documents under Keepsakes').waitFor()
  await check('topics')
  await page.getByRole('navigation').getByRole('link', { name: /Keepsakes/ }).waitFor()

  await page.keyboard.press('Delete')
  await page.getByText('Moved 2 documents to the trash').waitFor()
  await row(page, 'once').waitFor({ state: 'detached' })
  await page.keyboard.press('Control+z')
  await row(page, 'once').waitFor()
  assert.equal((await api('/documents?trashed=true&limit=1&total=true')).total, 0)

  await page.keyboard.press('Escape')
  await page.getByRole('checkbox', { name: 'Select once' }).click()
  await page.keyboard.press('Delete')
  await page.keyboard.press('g')
  await page.keyboard.press('t')
  await row(page, 'once').waitFor()
  await check('trash')
  await page.getByRole('checkbox', { name: 'Select once' }).click()
  await page.getByRole('toolbar').getByRole('button', { name: 'Delete for ever' }).click()
  await page.getByRole('alertdialog').getByText('cannot be undone').waitFor()
  await check('confirm')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete for ever' }).click()
  await page.getByText('The trash is empty').waitFor()
  assert.equal((await api('/documents?q=once&total=true')).total, 0)
})

await journey('one that cannot be changed does not stop the others, and is told', async ({ page, check }) => {
  await page.goto('/library')
  await row(page, 'note').first().waitFor()
  const gone = await api('/documents/upload', { method: 'POST', body: form('gone.txt', 'Soon gone') })
  await page.reload()
  await row(page, 'gone').waitFor()
  // Deleted behind the page's back: it does not hear of it.
  await page.route('**/api/documents/bulk', async (route) => {
    await fetch(`${vault.api}/api/documents/${gone.id}?permanent=true`, { method: 'DELETE' })
    await route.continue()
  }, { times: 1 })
  await page.getByRole('checkbox', { name: 'Select gone' }).click()
  await page.getByRole('checkbox', { name: 'Select pixel' }).click()
  await page.getByRole('toolbar').getByRole('button', { name: 'Trash' }).click()
  await page.getByRole('dialog').getByText('1 document could not be changed').waitFor()
  await check('failures')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+z')
  await row(page, 'pixel').waitFor()
})

await journey('the address keeps filters, order and search', async ({ page, check }) => {
  await page.goto('/library')
  await row(page, 'note').first().waitFor()
  await page.getByLabel('Search by title').fill('lease')
  await page.waitForURL(/q=lease/)
  await row(page, 'note').first().waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Type', exact: true }).click()
  await page.getByRole('menuitemradio', { name: 'Plain text' }).click()
  await page.getByText('No documents match').waitFor()
  await check('no match')
  await page.reload()
  await page.getByText('No documents match').waitFor()
  await page.getByRole('button', { name: 'Clear filters' }).last().click()
  await row(page, 'note').first().waitFor()
  await page.getByRole('button', { name: 'Name', exact: true }).click()
  await page.waitForURL(/sort=title/)
})

await journey('a document is read, searched, renamed and filed', async ({ page, check, expected }) => {
  const lease = await find('lease')
  await page.goto('/library')
  await page.getByRole('link', { name: lease.title }).click()
  await page.locator('.textLayer').first().getByText('Lease agreement').waitFor()
  await page.keyboard.press('Control+f')
  await page.getByRole('textbox', { name: 'Find in document' }).fill('deposit')
  await page.getByText('1 of 2').waitFor()
  await page.keyboard.press('Enter')
  await page.getByText('2 of 2').waitFor()
  await check('document')
  await page.keyboard.press('Escape')
  await page.getByRole('tab', { name: 'Text' }).click()
  await page.getByText('Signed in Leeds').last().waitFor()
  await page.getByRole('button', { name: 'Copy the text' }).click()
  await page.getByText('Text copied').waitFor()
  await page.getByRole('tab', { name: 'Details' }).click()

  await page.keyboard.press('F2')
  await page.getByRole('textbox', { name: 'Title', exact: true }).fill('Lease, Linden Row')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: /Lease, Linden Row/ }).waitFor()

  // Somebody else is faster.
  expected.push(/api\/documents\//)
  await page.keyboard.press('F2')
  await api(`/documents/${lease.id}`, { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ title: 'Theirs' }) })
  await page.getByRole('textbox', { name: 'Title', exact: true }).fill('Mine')
  await page.keyboard.press('Enter')
  await page.getByText('It is now: Theirs').waitFor()
  await check('conflict')
  await page.getByRole('button', { name: 'Save mine' }).click()
  await page.getByRole('heading', { name: /^Mine/ }).waitFor()

  await page.getByRole('button', { name: /Change From/ }).click()
  await page.getByLabel('From', { exact: true }).fill('Halden Property')
  await page.keyboard.press('Enter')
  await page.getByText('Halden Property').waitFor()
  await page.getByRole('button', { name: 'Add topic' }).click()
  await page.getByPlaceholder('Find or make a topic').fill('Contr')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Remove Contracts' }).waitFor()
  const now = await find('Mine')
  assert.deepEqual([now.title, now.correspondent, now.topics.some(({ name }) => name === 'Contracts')], ['Mine', 'Halden Property', true])
})

await journey('everything else has a face', async ({ page, check, expected }) => {
  const { id } = await find('pixel')
  await page.goto(`/documents/${id}`)
  await page.getByRole('img', { name: 'pixel' }).waitFor()
  await check('image')
  await page.goto(`/documents/${(await find('note')).id}`)
  await page.getByText('A note without much in it.').first().waitFor()
  await check('text')
  expected.push(/api\/documents\/0/)
  await page.goto('/documents/00000000-0000-0000-0000-000000000000')
  await page.getByText('This document is not here').waitFor()
  await check('gone')
  await page.goto('/nowhere')
  await page.getByText('There is nothing here').last().waitFor()
})

await journey('the palette leads everywhere', async ({ page, check }) => {
  await page.goto('/library')
  await page.getByRole('grid').waitFor()
  await page.keyboard.press('Control+k')
  await page.getByRole('option').nth(5).waitFor()
  await check('palette')
  await page.keyboard.type('pixel')
  await page.getByRole('option', { name: /pixel/ }).first().waitFor()
  await page.waitForTimeout(300)
  await page.keyboard.press('Enter')
  await page.waitForURL(/documents\//)
  await page.keyboard.press('?')
  await page.getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor()
  await check('shortcuts')
})

await journey('a lost connection is told and found again', async ({ page, expected }) => {
  expected.push(/api\//)
  await page.goto('/library')
  await row(page, 'note').first().waitFor()
  await vault.stop()
  await page.getByText('Connection lost, trying again').waitFor()
  await vault.start()
  await api('/documents/upload', { method: 'POST', body: form('missed.txt', 'It came while nobody listened') })
  await page.getByRole('button', { name: 'Try now' }).click()
  await page.getByText('Connection lost').waitFor({ state: 'detached' })
  await row(page, 'missed').waitFor()
})

await journey('what another app shares is uploaded', async ({ page, check }) => {
  await page.goto('/library')
  await page.evaluate(() => navigator.serviceWorker.ready)
  await page.reload()
  await page.evaluate(() => {
    const form = document.createElement('form')
    form.method = 'post'
    form.action = '/share'
    form.enctype = 'multipart/form-data'
    const input = document.createElement('input')
    input.type = 'file'
    input.name = 'files'
    const transfer = new DataTransfer()
    transfer.items.add(new File(['Shared by another app'], 'shared.txt', { type: 'text/plain' }))
    input.files = transfer.files
    form.append(input)
    document.body.append(form)
    form.submit()
  })
  await page.waitForURL(/library/)
  await page.getByText('1 document added').waitFor()
  await check('shared')
})

await journey('German is complete', async ({ page, check }) => {
  await page.goto('/library')
  await page.getByRole('heading', { name: 'Alle Dokumente' }).waitFor()
  await page.getByRole('button', { name: 'Einstellungen' }).click()
  await check('german')
  await page.getByRole('menuitemradio', { name: 'English' }).click()
  await page.getByRole('heading', { name: 'All documents' }).waitFor()
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'en')
}, { locale: 'de-DE' })

for (const dark of [false, true]) {
  await journey(`a phone in ${dark ? 'dark' : 'light'} colours`, async ({ page, check }) => {
    const name = dark ? 'phone dark' : 'phone'
    await page.goto('/library')
    await row(page, 'note').first().waitFor()
    await check(`${name} library`)
    await page.getByRole('button', { name: 'Open navigation' }).tap()
    await page.getByRole('dialog').getByRole('link', { name: /Needs review/ }).waitFor()
    await check(`${name} drawer`)
    await page.getByRole('dialog').getByRole('link', { name: /Needs review/ }).tap()
    await page.getByRole('heading', { name: 'Needs review' }).waitFor()
    await check(`${name} review`)
    await page.goto(`/documents/${(await find('Mine')).id}`)
    await page.locator('.textLayer').first().waitFor()
    await check(`${name} document`)
    await page.getByRole('button', { name: 'Details', exact: true }).tap()
    await page.getByText('Halden Property').waitFor()
    await check(`${name} details`)
  }, { phone: true, dark })
}

await journey('the dark desktop', async ({ page, check }) => {
  await page.goto('/library')
  await row(page, 'note').first().waitFor()
  await page.keyboard.press('v')
  await page.keyboard.press('Space')
  await page.getByRole('complementary', { name: 'Preview panel' }).waitFor()
  await check('dark grid')
  await page.goto('/review')
  await page.getByRole('heading', { name: 'Needs review' }).waitFor()
  await check('dark review')
}, { dark: true })

function form(name, content) {
  const data = new FormData()
  data.append('file', new Blob([content]), name)
  return data
}

await browser.close()
await vault.end()
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed ? 1 : 0)
