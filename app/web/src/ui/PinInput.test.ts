import { cleanup, render } from '@testing-library/vue'
import { afterEach, describe, expect, it } from 'vitest'
import { createI18n } from 'vue-i18n'
import { defineComponent, h, nextTick, ref } from 'vue'
import { parseTotpCode } from '@/lib/totpCode'
import PinInput from './PinInput.vue'

function shown() {
  const completed: string[] = []
  const code = ref('')
  const Form = defineComponent(() => () =>
    h(PinInput, {
      label: 'Code',
      modelValue: code.value,
      'onUpdate:modelValue': (value: string) => (code.value = value),
      onComplete: (value: string) => completed.push(value),
    }),
  )
  const { getByLabelText } = render(Form, { global: { plugins: [createI18n({ legacy: false, locale: 'en', missingWarn: false })] } })
  const input = getByLabelText('Code') as HTMLInputElement
  const type = async (text: string) => {
    input.value = text
    input.dispatchEvent(new Event('input', { bubbles: true }))
    await nextTick()
    await nextTick()
  }
  return { input, type, completed, code }
}

describe('PinInput', () => {
  afterEach(cleanup)

  it.each([
    ['123456', '123456'],
    [' 123 456 ', '123456'],
    ['123-456', '123456'],
    ['Your code is 042 917.', '042917'],
    ['１２３４５６', '123456'],
    ['12a3', '123'],
    ['1234567', '123456'],
    ['', ''],
  ])('parses %j as %j', (text, digits) => {
    expect(parseTotpCode(text)).toBe(digits)
  })

  it('emits complete once when the sixth digit is typed', async () => {
    const { input, type, completed, code } = shown()
    for (const text of ['1', '12', '123', '1234', '12345', '123456', '1234567']) await type(text)
    expect(completed).toEqual(['123456'])
    expect(code.value).toBe('123456')
    expect(input.value).toBe('123456')
  })

  it('emits complete for a pasted code, and again when it is corrected', async () => {
    const { type, completed } = shown()
    await type('123 456')
    await type('12345')
    await type('123457')
    expect(completed).toEqual(['123456', '123457'])
  })

  it('drops letters', async () => {
    const { input, type, code } = shown()
    await type('12x')
    expect([input.value, code.value]).toEqual(['12', '12'])
  })

  it('marks the input as a one-time code', () => {
    const { input } = shown()
    expect([input.autocomplete, input.inputMode]).toEqual(['one-time-code', 'numeric'])
  })
})
