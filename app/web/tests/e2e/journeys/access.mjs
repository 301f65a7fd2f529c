// Nobody is left out: no mouse, a narrow window, large letters, no movement.
import assert from 'node:assert/strict'
import { row } from '../steps.mjs'

/** Goes on with Tab until `target` has the focus. */
async function tabTo(page, target) {
  await target.waitFor()
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab')
    if (await target.evaluate((element) => element === document.activeElement)) return
  }
  assert.fail(`Tab never came to ${target}`)
}

const title = (page) => page.getByRole('heading', { level: 1 })

/** Everything that moves by style for longer than the blink of an eye. */
const movement = (page) =>
  page.evaluate(() => {
    const long = (times) => times.split(',').some((time) => parseFloat(time) > 0.02)
    const moves = (element) => {
      const { animationName, animationDuration, transitionDuration } = getComputedStyle(element)
      return (animationName !== 'none' && long(animationDuration)) || long(transitionDuration)
    }
    return [...document.querySelectorAll('*')].filter(moves).map((element) => element.outerHTML.slice(0, 120))
  })

export async function access({ vault, journey }) {
  await journey('without a mouse', async ({ page, check }) => {
    const { id } = await vault.add('keys.txt', 'Found, opened, renamed and filed with ten fingers.')
    await page.goto('/library')
    await row(page, 'keys').waitFor()
    await page.keyboard.press('Tab')
    await page.getByRole('link', { name: 'Skip to content' }).waitFor()
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => document.activeElement?.id === 'main')
    await tabTo(page, row(page, 'keys.txt'))
    await page.keyboard.press('x')
    await page.getByText('1 selected').waitFor()
    await check('keyboard selection')
    await page.keyboard.press('Escape')

    await page.keyboard.press('/')
    await page.keyboard.type('keys')
    await page.waitForURL(/q=keys/)
    await row(page, 'note').first().waitFor({ state: 'detached' })
    await tabTo(page, row(page, 'keys.txt'))
    await page.keyboard.press('Enter')
    await page.waitForURL(new RegExp(id))
    await title(page).filter({ hasText: 'keys' }).waitFor()
    await page.keyboard.press('F2')
    await page.keyboard.press('Control+a')
    await page.keyboard.type('Ten fingers')
    await page.keyboard.press('Enter')
    await title(page).filter({ hasText: 'Ten fingers' }).waitFor()
    await tabTo(page, page.getByRole('button', { name: 'Add topic' }))
    await page.keyboard.press('Enter')
    await page.getByPlaceholder('Find or make a topic').waitFor()
    await page.keyboard.type('Keepsakes')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Remove Keepsakes' }).waitFor()
    await check('keyboard document')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await page.waitForURL(/library/)
    await row(page, 'Ten fingers').waitFor()
  })

  await journey('320 pixels', async ({ page, check }) => {
    for (const path of ['/library', '/review', '/trash']) {
      await page.goto(path)
      await title(page).first().waitFor()
      await check(`narrow ${path.slice(1)}`)
    }
    await page.goto(`/documents/${(await vault.find('Mine')).id}`)
    await page.locator('.textLayer').first().waitFor()
    await check('narrow document')
    await page.getByRole('button', { name: 'Details', exact: true }).tap()
    await page.getByText('Halden Property').waitFor()
    await check('narrow details')
  }, { phone: true, width: 320 })

  await journey('letters of twice the size', async ({ page, check }) => {
    for (const path of ['/library', '/review', '/trash']) {
      await page.goto(path)
      await title(page).first().waitFor()
      await check(`large ${path.slice(1)}`)
    }
    await page.goto('/library')
    await page.locator('[data-index]').first().waitFor()
    await page.keyboard.press('?')
    await page.getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor()
    await check('large shortcuts')
    await page.goto(`/documents/${(await vault.find('Mine')).id}`)
    await page.locator('.textLayer').first().waitFor()
    await check('large document')
  }, { letters: 32 })

  await journey('nothing moves for those who do not want it', async ({ page }) => {
    await page.goto('/library')
    await row(page, 'note').first().waitFor()
    assert.deepEqual(await movement(page), [])
    await page.keyboard.press('Control+k')
    await page.getByRole('option').nth(5).waitFor()
    assert.deepEqual(await movement(page), [])
    await page.keyboard.press('Escape')
    await page.goto(`/documents/${(await vault.find('Mine')).id}`)
    await page.locator('.textLayer').first().waitFor()
    assert.deepEqual(await movement(page), [])
  }, { still: true })
}
