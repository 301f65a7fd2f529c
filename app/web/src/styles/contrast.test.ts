import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const css = readFileSync('src/styles/tokens.css', 'utf8')
function tokens(selector: string): Record<string, string> {
  const block = css.slice(css.indexOf(`${selector} {`))
  const declarations = block.slice(0, block.indexOf('}')).matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)
  return Object.fromEntries([...declarations].map(([, name, value]) => [name!, value!]))
}
const light = tokens(':root')
const themes = { light, dark: { ...light, ...tokens('.dark') } }

/** WCAG 2.2, relative luminance. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

const grounds = ['canvas', 'surface', 'sunken', 'hover', 'selected']
const text: [string, string][] = [
  ...['ink', 'ink-2', 'ink-3'].flatMap((ink) => grounds.map((ground): [string, string] => [ink, ground])),
  ['on-accent', 'accent'],
  ['on-accent', 'accent-hover'],
  ['accent-ink', 'accent-soft'],
  ['accent-ink', 'surface'],
  ['accent-ink', 'canvas'],
  ['ok', 'surface'],
  ['ok', 'selected'],
  ['ok', 'ok-soft'],
  ['warn', 'warn-soft'],
  ['bad', 'bad-soft'],
  ['bad', 'surface'],
  ['surface', 'bad'],
  ['surface', 'ink'],
  ['info', 'info-soft'],
  ['info', 'surface'],
  ['ink', 'mark'],
  ['ink', 'bad-soft'],
  ['ink', 'info-soft'],
  ...[1, 2, 3, 4, 5, 6, 7, 8].map((hue): [string, string] => [`t${hue}`, `t${hue}s`]),
]
const controls: [string, string][] = [
  ...['canvas', 'surface', 'sunken'].map((ground): [string, string] => ['line-strong', ground]),
  ...['canvas', 'surface', 'sunken'].map((ground): [string, string] => ['ring', ground]),
  ['accent', 'surface'],
]

describe.each(Object.entries(themes))('contrast of the %s theme', (_, theme) => {
  it.each(text)('text %s on %s is at least 4.5:1', (ink, ground) => {
    expect(contrast(theme[ink]!, theme[ground]!)).toBeGreaterThanOrEqual(4.5)
  })
  it.each(controls)('control %s on %s is at least 3:1', (line, ground) => {
    expect(contrast(theme[line]!, theme[ground]!)).toBeGreaterThanOrEqual(3)
  })
})
