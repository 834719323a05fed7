import { join } from 'node:path'
import { root } from '../generate/repository.ts'
import { writePages } from '../generate/write-pages.ts'

/** While the site is written: makes pages again of what they are made of. New pages ask for a new start. */
export const writeAgain = {
  name: 'write-again',
  configureServer({
    watcher,
  }: {
    watcher: { add(paths: string[]): void; on(event: 'change', listener: (file: string) => void): void }
  }) {
    watcher.add(
      ['docs', 'examples', 'packages/*/README.md', 'README.md', 'CONTRIBUTING.md', 'site/home.md'].map((path) =>
        join(root, path),
      ),
    )
    watcher.on('change', (file) => {
      if (!file.startsWith(join(root, 'site/pages'))) writePages().catch(console.error)
    })
  },
}
