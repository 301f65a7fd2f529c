// How documents come in.
import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pdf, png, text } from '../files.mjs'
import { drop, row, upload } from '../steps.mjs'

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
  }, { worker: false })

  await journey('a folder with folders in it is dropped', async ({ page, check }) => {
    const folder = await mkdtemp(join(tmpdir(), 'docuvault-drop-'))
    try {
      await mkdir(join(folder, 'House', 'Heating'), { recursive: true })
      await writeFile(join(folder, 'House', 'roof.txt'), 'The roof was mended in spring.')
      await writeFile(join(folder, 'House', 'Heating', 'boiler.txt'), 'The boiler was looked after.')
      await writeFile(join(folder, 'House', 'Heating', '.DS_Store'), 'clutter')
      await writeFile(join(folder, 'loose.txt'), 'Lies beside the folder.')
      await page.goto('/library')
      await page.getByRole('grid').waitFor()
      await drop(page, join(folder, 'House'), join(folder, 'loose.txt'))
      const panel = page.getByRole('region', { name: 'Uploads' })
      await panel.getByText('3 documents added').waitFor()
      await panel.getByText('House/Heating').waitFor()
      await check('dropped')
      for (const name of ['roof', 'boiler', 'loose']) assert.equal((await vault.find(name)).filename, `${name}.txt`)
      assert.equal((await vault.api('/documents?q=DS_Store&total=true')).total, 0)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  await journey('the vault dies during an upload, which is tried again', async ({ page, check, expected }) => {
    expected.push(/^(http|$)/)
    await page.goto('/library')
    await page.getByRole('grid').waitFor()
    const network = await page.context().newCDPSession(page)
    const throttle = (uploadThroughput) =>
      network.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput })
    await throttle(200_000)
    const long = 'Long enough to be on its way for a while. '.repeat(50_000)
    await upload(page, { name: 'interrupted.txt', ...text(long) })
    const panel = page.getByRole('region', { name: 'Uploads' })
    const bar = panel.getByRole('progressbar', { name: 'Uploading interrupted.txt' })
    await page.waitForFunction((element) => Number(element.getAttribute('aria-valuenow')) > 5, await bar.elementHandle())
    await vault.stop()
    await panel.getByRole('button', { name: 'Try again' }).waitFor()
    await check('interrupted')
    await throttle(-1)
    await vault.start()
    await panel.getByRole('button', { name: 'Try again' }).click()
    await panel.getByText('1 document added').waitFor()
    const { items, total } = await vault.api('/documents?q=interrupted&total=true')
    assert.deepEqual([total, items[0].size_bytes], [1, long.length])
  })
}
