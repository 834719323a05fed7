import { filesBelow, fingerprint, isStamped, stamp } from '../../scripts/fingerprint.mjs'
import { writePlayground } from '../playground/build/write-playground.ts'
import { layers } from './repository.ts'
import { writePages } from './write-pages.ts'
import { writeReference } from './write-reference.ts'

await writePages()
await writePlayground()

// Reading all types takes longest.
const isSource = (path) => /\.ts$/.test(path) && !/\.(test|test-d|bench)\.ts$/.test(path)
const sources = layers.flatMap((layer) => [
  `packages/${layer}/package.json`,
  ...filesBelow(`packages/${layer}/src`, isSource),
])
const now = fingerprint(['pnpm-lock.yaml', 'site/package.json', ...filesBelow('site/generate', isSource), ...sources])
if (!isStamped('reference', now)) {
  await writeReference()
  stamp('reference', now)
}
