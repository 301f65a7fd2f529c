// What people do again and again.
import assert from 'node:assert/strict'
import { owner } from './vault.mjs'

export const row = (page, title) => page.getByRole('row').filter({ hasText: title })

/** Does something that the page shows before the vault has it, and waits until it has. */
export async function saved(page, act) {
  const written = page.waitForResponse((answer) => answer.request().method() !== 'GET' && answer.url().includes('/api/'))
  await act()
  assert.ok((await written).ok())
}

/** Drops what lies at `paths`, folders too, as a file manager does. */
export async function drop(page, ...paths) {
  const session = await page.context().newCDPSession(page)
  const data = { items: [], files: paths, dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop']) {
    await session.send('Input.dispatchDragEvent', { type, x: 600, y: 400, data })
  }
  await session.detach()
}

export async function upload(page, ...files) {
  const chooser = page.waitForEvent('filechooser')
  await page.keyboard.press('u')
  await (await chooser).setFiles(files)
}

/** Types name and password into the sign-in page, which is open. */
export async function typePassword(page, { handle, password }) {
  await page.getByLabel('Email or handle').fill(handle)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

/**
 * Signs the browser in behind the page's back: its cookies are all that the app needs. One session goes
 * from journey to journey, because signing in may not be done any number of times.
 */
let cookies
export async function signIn(page) {
  if (cookies) return void (await page.context().addCookies(cookies))
  const answer = await page.request.post('/api/auth/login', { data: { login: owner.handle, password: owner.password } })
  assert.ok(answer.ok(), await answer.text())
}
/** Keeps the session for the next journey; after a failure nobody knows what it is worth. */
export async function keepSession(context, intact) {
  const found = await context.cookies()
  cookies = intact && found.some(({ name }) => name === 'docuvault_csrf') ? found : undefined
}
