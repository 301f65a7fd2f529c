/** Gigabytes as people type them, in whole bytes: 1 GB is a thousand million bytes. */
export const GB = 1_000_000_000

/** `undefined`: no number. */
export function parseQuota(text: string): number | undefined {
  if (!text.trim()) return undefined
  const value = Number(text.trim().replace(',', '.'))
  return Number.isFinite(value) && value >= 0 && value <= 1_000_000 ? Math.round(value * GB) : undefined
}

export const showQuota = (bytes: number): string => String(Number((bytes / GB).toFixed(3)))
