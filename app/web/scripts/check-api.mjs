// Fails when src/api/schema.d.ts is not what docs/openapi.json makes: run `npm run generate:api`.
import { readFile } from 'node:fs/promises'
import openapi, { astToString, COMMENT_HEADER } from 'openapi-typescript'

const contract = new URL('../../../docs/openapi.json', import.meta.url)
const schema = new URL('../src/api/schema.d.ts', import.meta.url)

const wanted = COMMENT_HEADER + astToString(await openapi(contract, { silent: true }))
const found = await readFile(schema, 'utf8')
if (wanted !== found) {
  console.error('src/api/schema.d.ts is out of date. Run: npm run generate:api')
  process.exit(1)
}
console.log('src/api/schema.d.ts is up to date.')
