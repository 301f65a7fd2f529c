// Reading and correcting one.
import assert from 'node:assert/strict'
import { saved } from '../steps.mjs'

export async function document({ vault, journey }) {
  await journey('a document is read, searched, renamed and filed', async ({ page, check, expected }) => {
    const lease = await vault.find('lease')
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
    await vault.api(`/documents/${lease.id}`, { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ title: 'Theirs' }) })
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
    await saved(page, () => page.keyboard.press('Enter'))
    await page.getByRole('button', { name: 'Remove Contracts' }).waitFor()
    const now = await vault.find('Mine')
    assert.deepEqual([now.title, now.correspondent, now.topics.some(({ name }) => name === 'Contracts')], ['Mine', 'Halden Property', true])
  })

  await journey('everything else has a face', async ({ page, check, expected }) => {
    const { id } = await vault.find('pixel')
    await page.goto(`/documents/${id}`)
    await page.getByRole('img', { name: 'pixel' }).waitFor()
    await check('image')
    await page.goto(`/documents/${(await vault.find('note')).id}`)
    await page.getByText('A note without much in it.').first().waitFor()
    await check('text')
    expected.push(/api\/documents\/0/)
    await page.goto('/documents/00000000-0000-0000-0000-000000000000')
    await page.getByText('This document is not here').waitFor()
    await check('gone')
    await page.goto('/nowhere')
    await page.getByText('There is nothing here').last().waitFor()
  })
}
