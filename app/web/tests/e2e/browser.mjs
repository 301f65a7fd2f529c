// A browser that complains: violations of the policy, errors in the console, what axe finds, overflow.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
]

/** `letters`: how large they are by the person's settings, in pixels. */
export function launch({ letters = 16 } = {}) {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
  return chromium.launch({ executablePath, args: [...FLAGS, `--blink-settings=defaultFontSize=${letters}`] })
}

/**
 * `still`: the person wants no movement. `worker`: whether the app may have its service worker, which now and
 * then takes over just when something is asked for; `page.route` does not see that request then.
 */
export async function open(browser, url, complaints, options = {}) {
  const { phone = false, width = phone ? 390 : 1440, dark = false, still = false, worker = true, locale = 'en-GB' } = options
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width, height: phone ? 844 : 900 },
    hasTouch: phone,
    isMobile: phone,
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: still ? 'reduce' : 'no-preference',
    locale,
    serviceWorkers: worker ? 'allow' : 'block',
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  const page = await context.newPage()
  // Choosers are intercepted while somebody listens; beginning to listen with the key press comes too late at times.
  page.on('filechooser', () => {})
  /** Answers that a test provokes, such as 404, which browsers print as errors. */
  const expected = []
  page.on('console', (message) => {
    if (message.type() !== 'error' || expected.some((each) => each.test(message.location().url))) return
    complaints.push(`console: ${message.text()} (${message.location().url})`)
  })
  page.on('pageerror', (error) => complaints.push(`exception: ${error.stack ?? error}`))
  await page.addInitScript(() =>
    addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`)),
  )
  /** Looks at the page as it stands once it is there and nothing moves. */
  async function check(name) {
    await page.locator('h1').first().waitFor({ state: 'attached' })
    await page.evaluate(() =>
      Promise.allSettled(document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity).map(({ finished }) => finished)),
    )
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    if (wide > 0) complaints.push(`${name}: ${wide} px wider than the window`)
    await page.evaluate(axe)
    const { violations } = await page.evaluate(() =>
      globalThis.axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
        // An open menu stands outside of all regions, as menus do.
        rules: { region: { enabled: !document.querySelector('[role=menu]') } },
      }),
    )
    for (const { id, nodes } of violations) complaints.push(`${name}: axe ${id}: ${nodes.map((node) => node.html.slice(0, 160)).slice(0, 3).join(' | ')}`)
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name.replaceAll(' ', '-')}.png` })
  }

  return { context, page, check, expected }
}
