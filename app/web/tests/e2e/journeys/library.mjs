// Finding, choosing and changing many.
import assert from 'node:assert/strict'
import { row, saved } from '../steps.mjs'

export async function library({ vault, journey }) {
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
    await saved(page, () => page.keyboard.press('Control+z'))
    await row(page, 'once').waitFor()
    assert.equal((await vault.api('/documents?trashed=true&limit=1&total=true')).total, 0)

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
    await saved(page, () => page.getByRole('alertdialog').getByRole('button', { name: 'Delete for ever' }).click())
    await page.getByText('The trash is empty').waitFor()
    assert.equal((await vault.api('/documents?q=once&total=true')).total, 0)
  })

  await journey('one that cannot be changed does not stop the others, and is told', async ({ page, check }) => {
    await page.goto('/library')
    await row(page, 'note').first().waitFor()
    const gone = await vault.add('gone.txt', 'Soon gone')
    await page.reload()
    await row(page, 'gone').waitFor()
    // Deleted behind the page's back: it does not hear of it.
    await page.route('**/api/documents/bulk', async (route) => {
      await vault.request(`/documents/${gone.id}?permanent=true`, { method: 'DELETE' })
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
  }, { worker: false })

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

  await journey('the palette leads everywhere', async ({ page, check }) => {
    await page.goto('/library')
    await page.getByRole('grid').waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('option').nth(5).waitFor()
    await check('palette')
    await page.keyboard.type('pixel')
    await page.getByRole('option', { name: /^pixel/ }).and(page.locator('[data-highlighted]')).waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL(/documents\//)
    await page.keyboard.press('?')
    await page.getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor()
    await page.keyboard.press('Enter')
    assert.ok(await page.getByRole('switch', { name: 'Single-key shortcuts' }).isChecked(), 'a key pressed by mistake changes nothing')
    await check('shortcuts')
  })

  await journey('ten thousand documents need no more rows than a few', async ({ page, check }) => {
    const note = await vault.find('note')
    const all = 10_000
    const each = 500
    const numbered = (n) => ({ ...note, id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`, title: `Paper ${n}` })
    const listed = (url) => url.pathname === '/api/documents' && url.searchParams.get('limit') !== '1'
    await page.route(listed, (route) => {
      const from = Number(new URL(route.request().url()).searchParams.get('cursor') ?? 0)
      const to = Math.min(all, from + each)
      const items = Array.from({ length: to - from }, (_, index) => numbered(from + index + 1))
      return route.fulfill({ json: { items, next_cursor: to < all ? String(to) : null, total: all } })
    })
    await page.goto('/library')
    await row(page, 'Paper 1').first().waitFor()
    const grid = page.getByRole('grid')
    for (let loaded = each; loaded <= all; loaded += each) {
      // What was loaded makes the list longer, by 3.5rem each; at its end the next page is asked for.
      await page.waitForFunction((height) => document.querySelector('[role=grid]').scrollHeight >= height, loaded * 56)
      await grid.evaluate((element) => element.scrollTo(0, element.scrollHeight))
      await row(page, `Paper ${loaded}`).waitFor()
      const rows = await page.getByRole('row').count()
      assert.ok(rows <= 60, `${rows} rows for ${loaded} documents`)
    }
    await check('ten thousand')
    await page.keyboard.press('v')
    await page.getByRole('gridcell').first().waitFor()
    const cards = await page.getByRole('gridcell').count()
    assert.ok(cards <= 60, `${cards} cards`)
  }, { worker: false })
}
