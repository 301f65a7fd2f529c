/** What the vault asks of a new password (domain/accounts/password.rs). */
export const MIN_LENGTH = 12

export type Strength = 'short' | 'weak' | 'good' | 'strong'

const ROWS = ['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiop', 'qwertzuiop', 'asdfghjkl', 'zxcvbnm', 'yxcvbnm']

/** How many characters add something: repeated ones, sequences and neighbouring keys do not. */
function countUnpredictable(text: string): number {
  const letters = [...text.toLowerCase()]
  const follows = (before: string, after: string) =>
    before === after || ROWS.some((row) => row.includes(before + after) || row.includes(after + before))
  return letters.filter((letter, index) => index === 0 || !follows(letters[index - 1]!, letter)).length
}

/**
 * A word for how hard a password is to guess. No rules on kinds of characters, which make passwords
 * worse: length counts, as long as it is no pattern and not a name that everybody knows.
 */
export function strengthOf(password: string, names: readonly string[] = []): Strength {
  if ([...password].length < MIN_LENGTH) return 'short'
  let rest = password.toLowerCase()
  for (const name of names.flatMap((each) => [each, each.split('@')[0]!])) {
    if (name.length > 2) rest = rest.replaceAll(name.toLowerCase(), '')
  }
  rest = rest.replaceAll(/password|passwort|docuvault|letmein|welcome|willkommen/g, '')
  const count = countUnpredictable(rest)
  const different = new Set(rest).size
  if (count < 8 || different < 6) return 'weak'
  return count >= 15 && different >= 9 ? 'strong' : 'good'
}

/** 3 to 32 letters, digits, dots, hyphens and underscores, with a letter or digit at both ends. */
export const isHandle = (text: string) => /^[a-z0-9][a-z0-9._-]{1,30}[a-z0-9]$/i.test(text)

/** Finds typing mistakes; whether the address exists only a mail can show. */
export const isEmail = (text: string) => /^[^\s@]+@[^\s@]+\.?[^\s@]*$/.test(text) && text.length <= 254
