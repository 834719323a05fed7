// `workerd.mjs <miniflare> <worker's bundle> <url>` runs the worker in workerd, and prints what it answers.
import { readFileSync } from 'node:fs'

const [miniflare, bundle, url] = process.argv.slice(2)
const { Miniflare } = await import(miniflare)
const worker = new Miniflare({ modules: true, script: readFileSync(bundle, 'utf8'), compatibilityDate: '2026-07-01' })
try {
  const response = await worker.dispatchFetch(`http://worker.test/?url=${encodeURIComponent(url)}`)
  console.log(await response.text())
} finally {
  await worker.dispose()
}
