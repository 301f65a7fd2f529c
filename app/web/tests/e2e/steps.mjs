// What people do again and again.

export const row = (page, title) => page.getByRole('row').filter({ hasText: title })

export async function upload(page, ...files) {
  const chooser = page.waitForEvent('filechooser')
  await page.keyboard.press('u')
  await (await chooser).setFiles(files)
}
