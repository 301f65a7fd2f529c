export const CODE_LENGTH = 6

/** The digits of what was typed or pasted: apps show them with a space, mails with words around. */
export function parseTotpCode(text: string): string {
  // Full-width digits and the like are digits, too.
  const plain = text.normalize('NFKC')
  const whole = /(?<!\d)(\d{3})[\s-]?(\d{3})(?!\d)/.exec(plain)
  if (whole) return whole[1]! + whole[2]!
  return plain.replace(/\D/g, '').slice(0, CODE_LENGTH)
}
