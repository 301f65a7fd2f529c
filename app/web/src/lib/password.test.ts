import { describe, expect, it } from 'vitest'
import { isEmail, isHandle, strengthOf } from './password'

describe('password strength', () => {
  it.each([
    ['', 'short'],
    ['Tr0ub4dor&3', 'short'],
    ['äääääääääää', 'short'],
    ['aaaaaaaaaaaaaaaa', 'weak'],
    ['abcdefghijklmnop', 'weak'],
    ['123456789012345', 'weak'],
    ['qwertyuiopasdfgh', 'weak'],
    ['password1234', 'weak'],
    ['Password12345678', 'weak'],
    ['xyxyxyxyxyxyxyxy', 'weak'],
    ['green lamp 42', 'good'],
    ['vu8#Kp0!mZ2x', 'good'],
    ['correct horse battery staple', 'strong'],
    ['Die Katze schläft auf dem Ofen', 'strong'],
  ])('rates %j as %s', (password, word) => {
    expect(strengthOf(password)).toBe(word)
  })

  it('counts characters, not bytes', () => {
    expect(strengthOf('🦊🐢🐝🐙🦉🐬🦔🐌🦁🐯🐨🐸')).toBe('good')
    expect(strengthOf('🦊🐢🐝🐙🦉🐬')).toBe('short')
  })

  it('does not count the names of the account', () => {
    expect(strengthOf('ada.lovelace', ['ada.lovelace'])).toBe('weak')
    expect(strengthOf('Ada.Lovelace1815', ['x', 'ada.lovelace@example.org'])).toBe('weak')
  })
})

describe('handles and email addresses', () => {
  it.each(['ada', 'Ada.Lovelace', 'a-b', 'x_1', '007', 'a'.repeat(32)])('accepts the handle %s', (text) => expect(isHandle(text)).toBe(true))
  it.each(['', 'ab', '.ada', 'ada-', 'a b c', 'ädä', 'a@b', 'a'.repeat(33)])('refuses the handle %j', (text) => expect(isHandle(text)).toBe(false))
  it.each(['a@b.c', 'ada@localhost', 'a.b+c@d-e.example'])('accepts the address %s', (text) => expect(isEmail(text)).toBe(true))
  it.each(['', 'ada', '@b', 'a@', 'a b@c', 'a@b@c'])('refuses the address %j', (text) => expect(isEmail(text)).toBe(false))
})
