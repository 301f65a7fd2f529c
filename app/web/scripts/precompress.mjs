// Puts a brotli and a gzip form in the place of each file that gets smaller by both; the server sends
// the smallest that a browser takes. Run after the build.
import { readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const WORTH_IT = 0.95
const TEXT = /\.(bcmap|css|html|icc|js|json|mjs|pfb|svg|ttf|txt|wasm|webmanifest)$/

const files = readdirSync('dist', { recursive: true, withFileTypes: true })
for (const file of files.filter((each) => each.isFile() && TEXT.test(each.name) && !each.parentPath.endsWith('.vite'))) {
  const path = join(file.parentPath, file.name)
  const plain = readFileSync(path)
  const brotli = {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
    },
  }
  const forms = { '.br': brotliCompressSync(plain, brotli), '.gz': gzipSync(plain, { level: 9 }) }
  if (Object.values(forms).some((packed) => packed.length > plain.length * WORTH_IT)) continue
  for (const [ending, packed] of Object.entries(forms)) writeFileSync(path + ending, packed)
  unlinkSync(path)
}
