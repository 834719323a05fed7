import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../run-command.mjs'
import { publishedPackages, readManifest } from '../workspaces.mjs'

/**
 * Where a package says that it comes from, by the one setting `repository` in the package.json of the root: the URL of a
 * repository that is read in a browser, as `https://host.example/owner/name`.
 */
function originOf(repository, folder) {
  const url = repository.replace(/^git\+/, '').replace(/(\.git)?\/?$/, '')
  return {
    repository: { type: 'git', url: `git+${url}.git`, directory: folder },
    homepage: `${url}/tree/main/${folder}#readme`,
    bugs: `${url}/issues`,
  }
}

/** Writes it into the manifest of each published package. */
export function fillManifests(repository) {
  for (const folder of publishedPackages()) {
    const manifest = { ...readManifest(folder), ...originOf(repository, folder) }
    writeFileSync(join(root, folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  }
}
