// Signing in by an identity provider, which is another site.
import { typePassword } from '../steps.mjs'
import { startProvider } from '../provider.mjs'

const heading = (page, name) => page.getByRole('heading', { name, level: 1 })
/** Answers that browsers print as errors. */
const refusals = /api\/auth\/|favicon\.ico/

async function byProvider(page) {
  await page.getByRole('button', { name: 'Sign in with Example ID' }).click()
  await page.getByRole('button', { name: /^Continue as/ }).click()
}

export async function singleSignOn({ vault, journey }) {
  const restart = async (settings) => {
    await vault.stop()
    await vault.start(settings)
  }
  let provider
  /** The vault has a provider while the journey lasts. */
  const withProvider = (more, run) => async (tab) => {
    provider = await startProvider(vault.url)
    await restart({ ...provider.settings, ...more })
    tab.expected.push(refusals)
    try {
      await run(tab)
      // Nobody asks a vault that is not there.
      await tab.page.goto('about:blank')
    } finally {
      provider.end()
      await restart()
    }
  }

  await journey('somebody new comes in by the provider, to where they wanted to be', withProvider({}, async ({ page, check }) => {
    provider.vouchFor({ sub: '1', name: 'Wanda Wulf', email: 'wanda@example.org', email_verified: false })
    await page.goto('/trash')
    await page.getByRole('button', { name: 'Sign in with Example ID' }).waitFor()
    await check('sign in by provider')
    await byProvider(page)
    await page.getByText('There is no account for you here.').waitFor()
    await check('no account by provider')
    await page.reload()
    await heading(page, 'Sign in').waitFor()
    provider.vouchFor({ sub: '1', name: 'Wanda Wulf', email: 'wanda@example.org', email_verified: true, preferred_username: 'wanda' })
    await page.goto('/trash')
    await byProvider(page)
    await heading(page, 'Trash').waitFor()
    await page.reload()
    await heading(page, 'Trash').waitFor()
    await page.goto('/settings/profile')
    await page.getByLabel('Handle', { exact: true }).waitFor()
    // Whoever has no password proves anew who they are at the provider.
    await page.goto('/settings/tokens')
    await page.getByRole('button', { name: 'Create token' }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('A program')
    await dialog.getByRole('button', { name: 'Create token' }).click()
    await page.getByRole('button', { name: 'Or sign in again with Example ID' }).waitFor()
    await check('confirm by provider')
    await page.getByRole('button', { name: 'Or sign in again with Example ID' }).click()
    await page.getByRole('button', { name: /^Continue as/ }).click()
    await page.waitForURL(/\/settings\/tokens/)
    await page.getByRole('button', { name: 'Create token' }).first().click()
    await dialog.getByLabel('Name').fill('A program')
    await dialog.getByRole('button', { name: 'Create token' }).click()
    await page.getByText('It is shown only now.').waitFor()
  }), { out: true })

  await journey('an account is linked to the provider by its password', withProvider({}, async ({ page, check }) => {
    const emmy = await vault.person('emmy')
    provider.vouchFor({ sub: '2', name: 'Emmy', email: emmy.email, email_verified: true })
    await page.goto('/library')
    await byProvider(page)
    await heading(page, 'Is this your account?').waitFor()
    await check('link an account')
    await page.getByLabel('Password', { exact: true }).fill('not her password')
    await page.getByRole('button', { name: 'Link and sign in' }).click()
    await page.getByRole('alert').waitFor()
    await page.getByLabel('Password', { exact: true }).fill(emmy.password)
    await page.getByRole('button', { name: 'Link and sign in' }).click()
    await heading(page, 'All documents').waitFor()
    await page.context().clearCookies()
    await page.goto('/library')
    await byProvider(page)
    await heading(page, 'All documents').waitFor()
    await page.context().clearCookies()
    await page.goto('/sign-in')
    await typePassword(page, emmy)
    await heading(page, 'All documents').waitFor()
  }), { out: true })

  await journey('without passwords there is nothing but the provider', withProvider({ DOCUVAULT_ACCOUNTS__PASSWORD_SIGN_IN: 'false' }, async ({ page, check }) => {
    provider.vouchFor({ sub: '3', name: 'Xenia', email: 'xenia@example.org', email_verified: true })
    await page.goto('/sign-in')
    await page.getByRole('button', { name: 'Sign in with Example ID' }).waitFor()
    if (await page.getByLabel('Password', { exact: true }).count()) throw new Error('a password is asked for')
    await check('sign in by provider only')
    await byProvider(page)
    await heading(page, 'All documents').waitFor()
    await page.goto('/settings/profile')
    await page.getByLabel('Handle', { exact: true }).waitFor()
    await check('settings without password')
    await page.goto('/settings/tokens')
    await page.getByRole('button', { name: 'Create token' }).first().click()
    await page.getByRole('dialog').getByLabel('Name').fill('A program')
    await page.getByRole('dialog').getByRole('button', { name: 'Create token' }).click()
    await page.getByRole('button', { name: 'Sign in again with Example ID' }).waitFor()
    await check('confirm without password')
    await page.getByRole('button', { name: 'Cancel' }).last().click()
  }), { out: true, phone: true, dark: true })
}
