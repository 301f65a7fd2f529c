import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createI18n } from 'vue-i18n'
import deAccounts from './de.accounts.json'
import deApp from './de.json'
import enAccounts from './en.accounts.json'
import enApp from './en.json'

type Tree = { [key: string]: string | Tree }

const leaves = (tree: Tree, prefix = ''): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[prefix + key, value] as [string, string]] : leaves(value, `${prefix}${key}.`),
  )
const english = new Map(leaves({ ...enApp, ...enAccounts }))
const german = new Map(leaves({ ...deApp, ...deAccounts }))
const names = (message: string) => [...message.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(vue|ts)$/.test(path) && !path.endsWith('.test.ts') && !path.endsWith('schema.d.ts'))
  .map((path) => readFileSync(`src/${path}`, 'utf8'))
  .join('\n')

describe('locales', () => {
  it('have no key in both the app and the accounts file', () => {
    expect(Object.keys(enAccounts).filter((key) => key in enApp)).toEqual([])
  })

  it('have the same keys in all languages', () => {
    expect([...german.keys()].sort()).toEqual([...english.keys()].sort())
  })

  it('use the same placeholders and plural forms in all languages', () => {
    for (const [key, message] of english) {
      const other = german.get(key) ?? ''
      expect([key, [...new Set(names(other))]]).toEqual([key, [...new Set(names(message))]])
      expect([key, other.split(' | ').length]).toEqual([key, message.split(' | ').length])
    }
  })

  it('have no empty message', () => {
    expect([...english, ...german].filter(([, message]) => !message.trim())).toEqual([])
  })

  it('render as written: an unescaped @ would link to another message', () => {
    for (const [locale, texts] of [['en', english], ['de', german]] as const) {
      const { t } = createI18n({ legacy: false, locale, flatJson: true, messages: { [locale]: Object.fromEntries(texts) } }).global
      for (const [key, message] of texts) {
        const asIs = Object.fromEntries(names(message).map((name) => [name, `{${name}}`]))
        const forms = message.replaceAll(`{'@'}`, '@').split(' | ')
        expect(forms).toContain(t(key, asIs, 2))
      }
    }
  })

  it('have every key that the sources use', () => {
    const asked = [...sources.matchAll(/\bt\(\s*'([\w.-]+)'/g)].map(([, key]) => key!)
    expect(asked.length).toBeGreaterThan(100)
    expect(asked.filter((key) => !english.has(key))).toEqual([])
  })

  it('have no unused key', () => {
    // Keys made of a beginning and a value: t(`status.${status}`), t(`shortcuts.${id}`).
    const prefixes = [...sources.matchAll(/`([\w.]+\.)\$\{/g)].map(([, prefix]) => prefix!)
    const quoted = new Set([...sources.matchAll(/'([\w.-]+)'/g)].map(([, key]) => key!))
    const unused = [...english.keys()].filter((key) => !quoted.has(key) && !prefixes.some((prefix) => key.startsWith(prefix)))
    expect(unused).toEqual([])
  })
})
