import { readFileSync, writeFileSync } from 'node:fs'

/** Writes the version of core's package.json into the source that sends it; a test holds the two equal. */
const core = new URL('../../packages/core/', import.meta.url)
const { version } = JSON.parse(readFileSync(new URL('package.json', core), 'utf8'))
const source = new URL('src/version.ts', core)
writeFileSync(source, readFileSync(source, 'utf8').replace(/'[^']*'\s*$/, `'${version}'\n`))
