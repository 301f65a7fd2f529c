// Journeys through the web app in a real browser, as the binary serves it, in one vault after each other.
//   DOCUVAULT_BIN=…/docuvault npm run e2e [part of a name]        SHOTS=folder keeps pictures
import assert from 'node:assert/strict'
import { launch, open } from './browser.mjs'
import { access } from './journeys/access.mjs'
import { accounts, setUp } from './journeys/accounts.mjs'
import { document } from './journeys/document.mjs'
import { frame } from './journeys/frame.mjs'
import { library } from './journeys/library.mjs'
import { singleSignOn } from './journeys/single-sign-on.mjs'
import { uploads } from './journeys/uploads.mjs'
import { keepSession, signIn } from './steps.mjs'
import { startVault } from './vault.mjs'

const binary = process.env.DOCUVAULT_BIN
if (!binary) {
  console.error('Set DOCUVAULT_BIN to the docuvault binary.')
  process.exit(1)
}
const only = process.argv[2]
const vault = await startVault(binary)
const browser = await launch()
let passed = 0
let failed = 0

/** `out`: the journey begins before anybody has signed in. */
async function journey(name, run, options) {
  if (only && !name.includes(only)) return
  if (!options?.setUp) await vault.haveOwner()
  const complaints = []
  const own = options?.letters ? await launch(options) : undefined
  const tab = await open(own ?? browser, vault.url, complaints, options)
  let intact = false
  try {
    if (!options?.out) await signIn(tab.page)
    await run(tab)
    intact = true
    assert.deepEqual(complaints, [])
    passed += 1
    console.log(`ok    ${name}`)
  } catch (error) {
    failed += 1
    console.log(`FAIL  ${name}\n${error.stack}\n${complaints.join('\n')}`)
    if (process.env.SHOTS) await tab.page.screenshot({ path: `${process.env.SHOTS}/FAIL-${name.replaceAll(' ', '-')}.png` })
  } finally {
    if (!options?.out) await keepSession(tab.context, intact)
    await tab.context.close()
    await own?.close()
  }
}

for (const part of [setUp, uploads, library, document, frame, access, accounts, singleSignOn]) await part({ vault, journey })

await browser.close()
await vault.end()
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed ? 1 : 0)
