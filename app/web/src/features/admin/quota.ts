/** Megabytes as people type them, in whole bytes: 1 MB is 1024 times 1024 bytes. */
const MB = 1024 * 1024

/** `undefined`: no number. */
export function parseQuota(text: string): number | undefined {
  if (!text.trim()) return undefined
  const value = Number(text.trim().replace(',', '.'))
  return Number.isFinite(value) && value >= 0 && value <= 1_000_000_000 ? Math.round(value * MB) : undefined
}

export const showQuota = (bytes: number): string => String(Number((bytes / MB).toFixed(3)))
