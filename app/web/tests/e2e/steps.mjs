// What people do again and again.
import assert from 'node:assert/strict'

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
