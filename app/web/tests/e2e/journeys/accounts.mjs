// Who comes in, and who does not.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { startSlow } from '../slow.mjs'
import { typePassword } from '../steps.mjs'
import { totp } from '../totp.mjs'
import { owner } from '../vault.mjs'

const heading = (page, name) => page.getByRole('heading', { name, level: 1 })
const library = (page) => heading(page, 'All documents').waitFor()
/** Answers that browsers print as errors. */
const refusals = /api\/(auth|admin)\//

const LOOKS = {
  'wide and light': {},
  'wide and dark': { dark: true },
  'phone and light': { phone: true },
  'phone and dark': { phone: true, dark: true },
  'phone and German': { phone: true, locale: 'de-DE' },
  'narrow and dark': { phone: true, width: 320, dark: true },
}
const INSIDE = [
  ...['profile', 'preferences', 'password', 'two-step', 'sessions', 'tokens', 'delete'].map((name) => `/settings/${name}`),
  ...['users', 'invites', 'mail'].map((name) => `/admin/${name}`),
]
const OUTSIDE = ['/sign-in', '/register', '/forgot', '/reset#token=something', '/sign-in?done=deleted']

async function signInAs(page, person, path = '/sign-in') {
  await page.goto(path)
  await typePassword(page, person)
}
async function menu(page, item) {
  await page.getByRole('button', { name: 'Account', exact: true }).click()
  await page.getByRole('menuitem', { name: item }).click()
}

/** The first account, without which there is nothing to see. */
export async function setUp({ vault, journey }) {
  await journey('the first administrator is made with the printed code', async ({ page, check, expected }) => {
    expected.push(refusals)
    await page.goto('/library')
    await page.waitForURL(/\/setup/)
    await page.getByLabel('Setup code').fill('not the code')
    await page.getByLabel('Handle', { exact: true }).fill(owner.handle)
    await page.getByLabel('Email', { exact: true }).fill(owner.email)
    await page.getByLabel('Password', { exact: true }).fill('short')
    await page.getByLabel('Email', { exact: true }).click()
    await page.getByText('Use at least 12 characters.').waitFor()
    await page.getByLabel('Password', { exact: true }).fill(owner.password)
    await page.getByRole('button', { name: 'Create the administrator' }).click()
    await page.locator('[aria-invalid=true]').waitFor()
    await check('setup')
    await page.getByLabel('Setup code').fill(await vault.setupCode())
    await page.getByRole('button', { name: 'Create the administrator' }).click()
    await library(page)
    await page.goto('/setup')
    await library(page)
    await menu(page, 'Administration')
    await heading(page, 'Users').waitFor()
  }, { out: true, setUp: true })
}

export async function accounts({ vault, journey }) {
  await journey('signing in leads back to where one wanted to be', async ({ page, check, expected }) => {
    expected.push(refusals)
    const grace = await vault.person('grace')
    await page.goto('/trash?q=nothing')
    await page.waitForURL(/\/sign-in\?next=/)
    await check('sign in')
    await typePassword(page, { ...grace, password: 'not her password' })
    const wrong = page.getByRole('alert')
    await wrong.waitFor()
    const told = await wrong.textContent()
    await typePassword(page, { handle: 'nobody.of.that.name', password: grace.password })
    await page.waitForFunction(() => !document.querySelector('[aria-busy=true]'))
    assert.equal(await wrong.textContent(), told)
    await typePassword(page, grace)
    await page.waitForURL(/\/trash\?q=nothing$/)
    await heading(page, 'Trash').waitFor()
    await page.reload()
    await heading(page, 'Trash').waitFor()

    // Nobody is sent elsewhere.
    await page.goto('/sign-in?next=//evil.example/')
    await library(page)

    // To others than administrators there is no administration.
    await page.getByRole('button', { name: 'Account', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Settings' }).waitFor()
    assert.equal(await page.getByRole('menuitem', { name: 'Administration' }).count(), 0)
    await page.keyboard.press('Escape')
    await page.keyboard.press('g')
    await page.keyboard.press('a')
    await page.keyboard.press('Control+k')
    await page.getByRole('option').first().waitFor()
    await page.keyboard.type('Go to')
    await page.getByRole('option', { name: 'Go to settings' }).waitFor()
    assert.equal(await page.getByRole('option', { name: 'Go to administration' }).count(), 0)
    await page.keyboard.press('Escape')
    await heading(page, 'All documents').waitFor()
    await page.goto('/admin/users')
    await page.getByText('There is nothing here').last().waitFor()
    await check('no administration')
  }, { out: true })

  await journey('all tabs are signed out together', async ({ page, context, expected }) => {
    expected.push(refusals)
    const tabs = await vault.person('tabs')
    await signInAs(page, tabs)
    await library(page)
    const other = await context.newPage()
    await other.goto('/trash')
    await heading(other, 'Trash').waitFor()
    await menu(page, 'Sign out')
    await heading(page, 'Sign in').waitFor()
    await heading(other, 'Sign in').waitFor()
    await other.goto('/library')
    await heading(other, 'Sign in').waitFor()
    await typePassword(other, tabs)
    await library(other)
    await library(page)
  }, { out: true })

  await journey('a second step, by app and by recovery code', async ({ page, check, expected }) => {
    expected.push(refusals)
    const ida = await vault.person('ida')
    await signInAs(page, ida, '/settings/two-step')
    await page.getByRole('button', { name: 'Set up' }).click()
    const key = page.getByLabel('Or type this key')
    await page.waitForFunction(() => document.querySelector('main textarea[readonly]')?.value.length > 15)
    const secret = await key.inputValue()
    assert.ok(await key.evaluate((field) => field.scrollHeight <= field.clientHeight), 'the key can be read as a whole')
    await check('two-step set up')
    // The vault takes each code once: the one before, this one and the next are good for three times.
    await page.getByLabel('Then type the six digits').fill(totp(secret, -1))
    const codes = page.getByRole('main').getByRole('listitem').filter({ hasText: /^\w{5}-\w{5}$/ })
    await codes.nth(9).waitFor()
    const recovery = await codes.allTextContents()
    assert.equal(new Set(recovery).size, 10)
    await check('recovery codes')
    const sheet = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download' }).click()
    assert.ok((await readFile(await (await sheet).path(), 'utf8')).includes(recovery[9]))
    await page.getByLabel('I have saved them').check()
    await page.getByRole('button', { name: 'Done' }).click()
    await page.getByText('Two-step sign-in is on').waitFor()

    await menu(page, 'Sign out')
    await heading(page, 'Sign in').waitFor()
    await typePassword(page, ida)
    await page.getByLabel('Six-digit code').fill('000000')
    await page.locator('[aria-invalid=true]').waitFor()
    await check('second step')
    // As pasted from somewhere; it goes by itself.
    const code = totp(secret)
    await page.getByLabel('Six-digit code').fill(`${code.slice(0, 3)} ${code.slice(3)}`)
    await library(page)

    await menu(page, 'Sign out')
    await heading(page, 'Sign in').waitFor()
    await typePassword(page, ida)
    await page.getByRole('button', { name: 'Use a recovery code' }).click()
    await page.getByLabel('Recovery code').fill(recovery[0])
    await page.getByRole('button', { name: 'Sign in' }).click()
    await library(page)

    await page.goto('/settings/two-step')
    await page.getByRole('button', { name: 'Turn off' }).click()
    // A dialog opens with its first field in focus.
    await page.getByLabel('Your password').and(page.locator(':focus')).fill(ida.password)
    await page.getByLabel('Six-digit code').fill(totp(secret, 1))
    await page.getByRole('dialog').getByRole('button', { name: 'Turn off' }).click()
    await page.getByText('Two-step sign-in is off').first().waitFor()
  }, { out: true })

  await journey('a second step that the vault demands', async ({ page, check, expected }) => {
    expected.push(/api\//)
    const ruth = await vault.person('ruth')
    await vault.stop()
    await vault.start({ DOCUVAULT_ACCOUNTS__SECOND_FACTOR: 'everyone' })
    await signInAs(page, ruth, '/trash')
    await heading(page, 'Set up two-step sign-in').waitFor()
    await page.waitForFunction(() => document.querySelector('main textarea[readonly]')?.value.length > 15)
    const secret = await page.getByLabel('Or type this key').inputValue()
    await check('second step demanded')
    await page.getByLabel('Then type the six digits').fill(totp(secret, -1))
    await page.getByLabel('I have saved them').check()
    await check('second step demanded codes')
    await page.getByRole('button', { name: 'Go on to sign in' }).click()
    await page.getByLabel('Six-digit code').fill(totp(secret))
    await page.waitForURL(/\/trash$/)
    await heading(page, 'Trash').waitFor()
    // Nothing is fetched while the vault starts.
    await page.goto('about:blank')
    await vault.stop()
    await vault.start()
  }, { out: true })

  await journey('sessions are ended from afar', async ({ page, context, check, expected }) => {
    expected.push(/api\//)
    const nora = await vault.person('nora')
    await signInAs(page, nora)
    await library(page)
    const elsewhere = await context.browser().newContext({ baseURL: vault.url, locale: 'en-GB' })
    const far = await elsewhere.newPage()
    await signInAs(far, nora, '/trash')
    await heading(far, 'Trash').waitFor()

    await page.goto('/settings/sessions')
    await page.getByText('This one').waitFor()
    await check('sessions')
    await page.getByRole('button', { name: 'Sign out all others' }).click()
    await page.getByRole('button', { name: /^Sign out .* on / }).waitFor({ state: 'detached' })
    // The next thing that is done there.
    await far.keyboard.press('g')
    await far.keyboard.press('r')
    await heading(far, 'Sign in').waitFor()
    await far.waitForURL(/\/sign-in\?next=\/review$/)
    await elsewhere.close()

    await page.goto('/settings/password')
    await page.getByLabel('Current password').fill('not her password')
    await page.getByLabel('New password').fill('an entirely new and long one')
    await page.getByRole('button', { name: 'Change password' }).click()
    await page.locator('[aria-invalid=true]').waitFor()
    await check('password')
    await page.getByLabel('Current password').fill(nora.password)
    await page.getByRole('button', { name: 'Change password' }).click()
    await page.getByText('Password changed').waitFor()
    await page.reload()
    await heading(page, 'Password').waitFor()
    await menu(page, 'Sign out')
    await heading(page, 'Sign in').waitFor()
    await typePassword(page, { ...nora, password: 'an entirely new and long one' })
    await library(page)
  }, { out: true })

  await journey('a forgotten password is replaced by a link', async ({ page, check, expected }) => {
    expected.push(refusals)
    const olga = await vault.person('olga')
    await page.goto('/sign-in')
    await page.getByRole('link', { name: 'Forgot password?' }).click()
    await page.getByLabel('Email', { exact: true }).fill('olga')
    await page.getByRole('button', { name: 'Send the link' }).click()
    await page.getByText('Type an email address such as name@example.org.').waitFor()
    await page.getByLabel('Email', { exact: true }).fill(olga.email)
    const mailed = vault.nextLink('/reset')
    await page.getByRole('button', { name: 'Send the link' }).click()
    await heading(page, 'Look at your mail').waitFor()
    await check('mail on its way')
    const link = await mailed()
    await page.goto(link)
    await check('reset')
    await page.getByLabel('New password').fill('now she knows it by heart')
    await page.getByRole('button', { name: 'Set the password' }).click()
    await page.getByText('Your new password is set').waitFor()
    await typePassword(page, { ...olga, password: 'now she knows it by heart' })
    await library(page)

    await page.goto(link)
    await page.getByLabel('New password').fill('now she knows it by heart')
    await page.getByRole('button', { name: 'Set the password' }).click()
    await page.getByText('This link was used already').waitFor()
  }, { out: true })

  await journey('without a mail server, links are in the log of the vault', async ({ page, context, check, expected }) => {
    expected.push(/api\//)
    await vault.stop()
    await vault.start(Object.fromEntries(['HOST', 'PORT', 'ENCRYPTION', 'FROM'].map((name) => [`DOCUVAULT_MAIL__${name}`, undefined])))
    await page.goto('/admin/mail')
    await page.getByText('No mail server is set up').waitFor()
    assert.equal(await page.getByLabel('Send a test to').count(), 0)
    await check('no mail')

    const elsewhere = await context.browser().newContext({ baseURL: vault.url, locale: 'en-GB' })
    const guest = await elsewhere.newPage()
    await guest.goto('/sign-in')
    const forgot = guest.getByRole('link', { name: 'Forgot password?' })
    await guest.getByRole('link', { name: 'Create an account' }).waitFor()
    if (await vault.printsMail()) {
      const pia = await vault.person('pia')
      await forgot.click()
      await guest.getByLabel('Email', { exact: true }).fill(pia.email)
      const printed = vault.nextLink('/reset')
      await guest.getByRole('button', { name: 'Send the link' }).click()
      await guest.goto(await printed())
      await guest.getByLabel('New password').fill('words from the log of a vault')
      await guest.getByRole('button', { name: 'Set the password' }).click()
      await typePassword(guest, { ...pia, password: 'words from the log of a vault' })
      await library(guest)
    } else {
      assert.equal(await forgot.count(), 0)
      await guest.goto('/forgot')
      await guest.getByText('This vault cannot send mail').waitFor()
    }
    await elsewhere.close()
    await vault.stop()
    await vault.start()
  })

  await journey('a mail is sent to see whether that works', async ({ page, check, expected }) => {
    expected.push(refusals)
    await page.goto('/admin/mail')
    const to = page.getByLabel('Send a test to')
    assert.equal(await to.inputValue(), owner.email)
    await to.fill('nobody')
    await page.getByRole('button', { name: 'Send the test' }).click()
    await page.locator('[aria-invalid=true]').waitFor()
    await to.fill('somebody@example.org')
    await page.getByRole('button', { name: 'Send the test' }).click()
    const taken = page.getByText('The mail server took a mail to somebody@example.org')
    await answerQuestion(page, taken)
    await taken.waitFor()
    await check('mail')
  })

  await journey('an administrator invites, looks up and shuts out', async ({ page, context, check, expected }) => {
    expected.push(/api\//)
    await page.goto('/admin/invites')
    await page.getByRole('button', { name: 'Invite', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Invite' }).click()
    await answerQuestion(page)
    const link = await page.getByLabel('Invitation link').inputValue()
    await check('invited')
    await page.getByRole('button', { name: 'Done' }).click()

    const elsewhere = await context.browser().newContext({ baseURL: vault.url, locale: 'en-GB' })
    const guest = await elsewhere.newPage()
    await guest.goto(new URL(link).pathname + new URL(link).hash)
    await guest.getByLabel('Handle', { exact: true }).fill('guest')
    await guest.getByLabel('Email', { exact: true }).fill('guest@example.org')
    await guest.getByLabel('Password', { exact: true }).fill('the guest stays for dinner')
    await guest.getByRole('button', { name: 'Create the account' }).click()
    await library(guest)

    await page.goto('/admin/users?q=guest')
    const line = page.getByRole('row').filter({ hasText: 'guest@example.org' })
    await line.waitFor()
    await check('users')
    await page.getByRole('button', { name: 'Actions for guest' }).click()
    await page.getByRole('menuitem', { name: 'Change quota' }).click()
    await page.getByLabel('Limit in MB').fill('2560')
    await page.getByRole('button', { name: 'Save' }).click()
    await line.getByText('0 bytes of 2.5 GB', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Actions for guest' }).click()
    await page.getByRole('menuitem', { name: 'Sign out everywhere' }).waitFor()
    await check('user menu')
    await page.getByRole('menuitem', { name: 'Disable' }).click()
    await line.getByText('Disabled').waitFor()
    await guest.getByRole('navigation').getByRole('link', { name: 'Trash' }).first().click()
    await heading(guest, 'Sign in').waitFor()
    await typePassword(guest, { handle: 'guest', password: 'the guest stays for dinner' })
    await guest.getByRole('alert').waitFor()
    await elsewhere.close()

    await page.getByRole('button', { name: 'Actions for guest' }).click()
    await page.getByRole('menuitem', { name: 'Delete account' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete account' }).click()
    await page.locator('[aria-invalid=true]').waitFor()
    await page.getByLabel('Type guest to confirm').fill('guest')
    await check('delete user')
    await page.getByRole('dialog').getByRole('button', { name: 'Delete account' }).click()
    await line.waitFor({ state: 'detached' })

    await page.getByRole('button', { name: 'Create account' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Handle', { exact: true }).fill('newcomer')
    await dialog.getByLabel('Email', { exact: true }).fill('newcomer@example.org')
    await dialog.getByRole('button', { name: 'Create account' }).click()
    assert.match(await page.getByLabel('One-time link').inputValue(), /\/reset#token=/)
    await check('made user')
    await page.getByRole('button', { name: 'Done' }).click()

    // A link for somebody who cannot get any by mail.
    await page.getByRole('searchbox', { name: 'Search name, handle or email' }).fill('newcomer')
    await page.waitForURL(/q=newcomer/)
    await page.getByRole('button', { name: 'Actions for newcomer' }).click()
    await page.getByRole('menuitem', { name: 'Reset password' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Reset password' }).click()
    const reset = new URL(await page.getByLabel('One-time link').inputValue())
    const newcomer = await context.browser().newContext({ baseURL: vault.url, locale: 'en-GB' })
    const desk = await newcomer.newPage()
    await desk.goto(reset.pathname + reset.hash)
    await desk.getByLabel('New password').fill('a first day with good coffee')
    await desk.getByRole('button', { name: 'Set the password' }).click()
    await typePassword(desk, { handle: 'newcomer', password: 'a first day with good coffee' })
    await library(desk)
    await newcomer.close()
    await page.getByRole('button', { name: 'Done' }).click()
    await page.getByRole('button', { name: 'Actions for newcomer' }).click()
    await page.getByRole('menuitem', { name: 'Make administrator' }).click()
    await page.getByRole('row').filter({ hasText: 'newcomer@' }).getByRole('cell', { name: 'Administrator', exact: true }).waitFor()
  })

  await journey('an invitation is mailed', async ({ page, context, check, expected }) => {
    expected.push(refusals)
    await page.goto('/admin/invites')
    await page.getByRole('button', { name: 'Invite', exact: true }).click()
    await page.getByRole('dialog').getByLabel('Email', { exact: true }).fill('uma@example.org')
    const mailed = vault.nextLink('/register')
    await page.getByRole('dialog').getByRole('button', { name: 'Invite' }).click()
    await answerQuestion(page)
    await page.getByRole('button', { name: 'Done' }).click()
    await page.getByRole('listitem').filter({ hasText: 'uma@example.org' }).getByText('Open').waitFor()
    await check('invitations')

    const elsewhere = await context.browser().newContext({ baseURL: vault.url, locale: 'en-GB' })
    const guest = await elsewhere.newPage()
    await guest.goto(await mailed())
    await guest.getByLabel('Handle', { exact: true }).fill('uma')
    await guest.getByLabel('Email', { exact: true }).fill('uma@example.org')
    await guest.getByLabel('Password', { exact: true }).fill('an umbrella in every colour')
    await guest.getByRole('button', { name: 'Create the account' }).click()
    await library(guest)
    await elsewhere.close()
    await page.reload()
    await page.getByRole('listitem').filter({ hasText: 'uma@example.org' }).getByText('Used').waitFor()
    await page.getByRole('button', { name: 'Remove: uma@example.org' }).click()
    await page.getByRole('listitem').filter({ hasText: 'uma@example.org' }).waitFor({ state: 'detached' })
  })

  await journey('a token is shown once, and works', async ({ page, check, expected }) => {
    expected.push(refusals)
    await page.goto('/settings/tokens')
    await page.getByRole('button', { name: 'Create token' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name', { exact: true }).fill('Scanner')
    await dialog.getByRole('button', { name: 'Create token' }).click()
    await answerQuestion(page)
    const secret = await page.getByRole('textbox', { name: 'Token', exact: true }).inputValue()
    assert.match(secret, /^dv_pat_/)
    await check('token')
    await page.getByRole('button', { name: 'Done' }).click()
    await page.getByText('Scanner', { exact: true }).waitFor()
    assert.ok(!(await page.content()).includes(secret))
    assert.equal((await vault.call('/documents?limit=1', {}, secret)).status, 200)
    assert.equal((await vault.call('/auth/tokens', vault.json('POST', { name: 'Another', scopes: ['read'] }), secret)).status, 403)
    await page.getByRole('button', { name: 'Revoke Scanner' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click()
    await page.getByText('Scanner', { exact: true }).waitFor({ state: 'detached' })
    assert.equal((await vault.call('/documents?limit=1', {}, secret)).status, 401)
  })

  await journey('a page that is left while its session is renewed signs nobody out', async ({ page }) => {
    const slow = await startSlow(vault.url, /auth\/refresh/, 300)
    try {
      for (let round = 0; round < 3; round += 1) {
        const renewal = page.waitForRequest(/auth\/refresh/)
        await page.goto(`${slow.url}/library`, { waitUntil: 'commit' })
        await renewal
        // What the vault has granted meanwhile finds nobody.
        await page.goto('about:blank')
      }
      await page.goto(`${slow.url}/library`)
      await library(page)
    } finally {
      slow.end()
    }
  })

  await journey('an account is deleted by its person', async ({ page, check, expected }) => {
    expected.push(/api\//)
    const vera = await vault.person('vera')
    await signInAs(page, vera, '/settings/delete')
    await page.getByRole('button', { name: 'Delete my account' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Delete for ever' }).click()
    await page.locator('[aria-invalid=true]').first().waitFor()
    await check('delete account')
    await dialog.getByLabel('Type vera to confirm').fill('vera')
    await dialog.getByLabel('Your password').fill(vera.password)
    await dialog.getByRole('button', { name: 'Delete for ever' }).click()
    await page.getByText('Your account has been deleted.').waitFor()
    await typePassword(page, vera)
    await page.getByRole('alert').waitFor()
  }, { out: true })

  for (const [look, options] of Object.entries(LOOKS)) {
    await journey(`accounts: ${look}`, async ({ page, check }) => {
      for (const path of INSIDE) {
        await page.goto(path)
        await page.getByRole('main').getByRole('heading', { level: 1 }).waitFor()
        await check(`${look} ${path.slice(1).replaceAll('/', ' ')}`)
      }
    }, options)
    await journey(`before signing in: ${look}`, async ({ page, check }) => {
      for (const path of OUTSIDE) {
        await page.goto(path)
        await page.getByRole('main').getByRole('heading', { level: 1 }).waitFor()
        await check(`${look} ${path.slice(1).split('#')[0]}`)
      }
    }, { ...options, out: true })
  }

  await journey('the audit log is narrowed down and taken away', async ({ page, check }) => {
    await page.goto('/admin/audit')
    await page.getByRole('button', { expanded: false }).filter({ hasText: 'Sign-in' }).first().waitFor()
    await page.getByRole('button', { name: 'Action', exact: true }).click()
    await page.getByRole('menuitemradio', { name: 'Document uploaded' }).click()
    await page.waitForURL(/action=document.uploaded/)
    const lines = page.getByRole('listitem').getByRole('button').filter({ hasText: 'Document uploaded' })
    await lines.first().waitFor()
    await page.getByRole('listitem').getByRole('button').filter({ hasText: 'Sign-in' }).first().waitFor({ state: 'detached' })
    await lines.first().click()
    await page.getByText('Object id').last().waitFor()
    await check('audit')
    await page.reload()
    await lines.first().waitFor()
    const file = page.waitForEvent('download')
    await page.getByRole('button', { name: 'CSV', exact: true }).click()
    const csv = await readFile(await (await file).path(), 'utf8')
    assert.ok(csv.includes('document.uploaded'))
    assert.ok(!csv.includes('session.signed_in'))
  })
}

/** The vault may want to see the password again; whether it does depends on how long ago somebody signed in. */
async function answerQuestion(page, next = page.getByRole('dialog').getByRole('textbox').and(page.locator('[readonly]'))) {
  const question = page.getByRole('dialog', { name: 'Is it you?' })
  await question.or(next).first().waitFor()
  if (!(await question.isVisible())) return
  await page.getByLabel('Your password').and(page.locator(':focus')).fill(owner.password)
  await page.getByRole('button', { name: 'Confirm' }).click()
  await question.waitFor({ state: 'detached' })
}
