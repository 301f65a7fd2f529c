// What holds on every page: connection, languages, sizes, colours.
import assert from 'node:assert/strict'
import { row, saved } from '../steps.mjs'

export async function frame({ vault, journey }) {
  await journey('a lost connection is told and found again', async ({ page, check, expected }) => {
    expected.push(/^(http|$)/)
    await page.goto('/library')
    await row(page, 'note').first().waitFor()
    await vault.stop()
    await page.getByText('Connection lost, trying again').waitFor()
    await check('connection lost')
    // After some tries it waits for seconds: longer than the vault needs to be back.
    for (let tries = 0; tries < 3; tries += 1) await page.waitForEvent('requestfailed', (request) => request.url().endsWith('/api/events'))
    await vault.start()
    await vault.add('missed.txt', 'It came while nobody listened')
    await page.getByRole('button', { name: 'Try now' }).click()
    await page.getByText('Connection lost').waitFor({ state: 'detached' })
    await row(page, 'missed').waitFor()
  })

  await journey('parts that could not be fetched come later', async ({ page, check, expected }) => {
    expected.push(/assets/, /library/)
    let away = true
    await page.route(/assets\/(CommandPalette|ReviewPage)[^/]*\.js$/, (route) => (away ? route.abort() : route.continue()))
    await page.goto('/library')
    await row(page, 'note').first().waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('navigation').getByRole('link', { name: /Needs review/ }).click()
    await page.getByText('This page could not be loaded').waitFor()
    await check('page failed')
    away = false
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('dialog').getByRole('option').first().waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('heading', { name: 'Needs review' }).waitFor()
  }, { worker: false })

  await journey('an update of the vault is told', async ({ page, check, expected }) => {
    expected.push(/assets/)
    await page.goto('/library')
    await row(page, 'note').first().waitFor()
    // As after an update: other names in the page, the old files gone.
    await page.route(/\/$/, async (route) => {
      const answer = await route.fetch()
      await route.fulfill({ response: answer, body: (await answer.text()).replaceAll(/index-[\w-]+\.js/g, 'index-other.js') })
    })
    await page.route(/assets\/TrashPage[^/]*\.js$/, (route) => route.fulfill({ status: 404 }))
    await page.getByRole('navigation').getByRole('link', { name: 'Trash' }).click()
    await page.getByText('DocuVault has been updated').waitFor()
    await check('updated')
    await page.unrouteAll()
    await page.getByRole('button', { name: 'Reload' }).click()
    await page.getByText('DocuVault has been updated').waitFor({ state: 'detached' })
    await row(page, 'note').first().waitFor()
  }, { worker: false })

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
    // The language of the account goes before the browser's.
    await vault.api('/auth/me', vault.json('PATCH', { locale: 'de' }))
    await page.goto('/library')
    await page.getByRole('heading', { name: 'Alle Dokumente' }).waitFor()
    await check('german')
    await page.getByRole('button', { name: 'Konto' }).click()
    await page.getByRole('menuitem', { name: 'Einstellungen' }).click()
    await page.getByRole('link', { name: 'Vorlieben' }).click()
    await check('german preferences')
    await saved(page, () => page.getByRole('radio', { name: 'English' }).check())
    await page.getByRole('heading', { name: 'Preferences' }).waitFor()
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
      await page.goto(`/documents/${(await vault.find('Mine')).id}`)
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
}
