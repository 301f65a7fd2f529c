// How documents come in.
import assert from 'node:assert/strict'
import { pdf, png, text } from '../files.mjs'
import { row, upload } from '../steps.mjs'

export async function uploads({ vault, journey }) {
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
    assert.equal((await vault.api('/documents?limit=1&total=true')).total, 5)
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
    assert.equal((await vault.api('/documents?q=once&total=true')).total, 1)
  })
}
