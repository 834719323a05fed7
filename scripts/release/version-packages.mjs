import { runCommand } from '../run-command.mjs'
import { readManifest } from '../workspaces.mjs'
import { fillManifests } from './fill-manifests.mjs'
import { readChangesets, writeChangelog } from './write-changelog.mjs'

// Applies the changesets: one version for all packages, where they come from, and CHANGELOG.md. Nothing is committed.
const { repository } = readManifest('.')
if (typeof repository !== 'string' || !repository.startsWith('https://')) {
  console.error('Set `repository` in the package.json of the root to the URL of this repository, as')
  console.error('"https://host.example/owner/name": every package says so, and npm holds a provenance to it.')
  process.exit(1)
}
const changesets = readChangesets()
if (changesets.length === 0) {
  console.error('There is no changeset, so there is nothing to release.')
  process.exit(1)
}
const { ok, output } = await runCommand('changeset version')
if (!ok) {
  console.error(output)
  process.exit(1)
}
await import('./write-version.mjs')
fillManifests(repository)
const { version } = readManifest('packages/core')
const how = writeChangelog(version, changesets) ? 'has' : 'was written by hand for it, in place of'
console.log(
  `All packages are ${version} now; CHANGELOG.md ${how} the ${changesets.length} changes. Read it before you commit.`,
)
