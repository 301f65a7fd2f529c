// Draws the icons of the installed app from public/favicon.svg; run it when the logo changes.
import { readFile, writeFile } from 'node:fs/promises'
import { chromium } from 'playwright-core'

const logo = await readFile('public/favicon.svg', 'utf8')
const square = logo.replace('rx="8"', 'rx="0"')

const icons = [
  { name: 'icon-192.png', size: 192, svg: logo },
  { name: 'icon-512.png', size: 512, svg: logo },
  // Systems cut these to their own shape: no corners, and the picture within the middle.
  { name: 'maskable-512.png', size: 512, svg: square, inset: 0.1 },
  { name: 'apple-touch-icon.png', size: 180, svg: square, inset: 0.06 },
]

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
})
for (const { name, size, svg, inset = 0 } of icons) {
  const page = await browser.newPage({ viewport: { width: size, height: size } })
  const side = Math.round(size * (1 - 2 * inset))
  const picture = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`
  const background = inset ? '#2f56d9' : 'transparent'
  await page.setContent(
    `<style>body{margin:0;display:grid;place-items:center;height:100vh;background:${background}}</style><img src="${picture}" width="${side}" height="${side}">`,
  )
  await writeFile(`public/icons/${name}`, await page.screenshot({ omitBackground: true }))
  await page.close()
}
await browser.close()
