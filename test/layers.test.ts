import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const imports = (from: string) => `import { x } from '${from}'\nx()\n`

const refused: [file: string, source: string, rule: string][] = [
  ['packages/core/src/uses-stream.ts', imports('@enjamb/stream'), 'noRestrictedImports'],
  ['packages/core/src/reexports-agent.ts', `export { x } from '@enjamb/agent/cli'\n`, 'noRestrictedImports'],
  ['packages/core/src/loads-chat.ts', `export const chat = () => import('@enjamb/chat')\n`, 'noRestrictedImports'],
  ['packages/core/src/uses-testing.test.ts', imports('@enjamb/testing'), 'noRestrictedImports'],
  ['packages/stream/src/uses-tools.ts', imports('@enjamb/tools'), 'noRestrictedImports'],
  ['packages/stream/src/uses-testing.ts', imports('@enjamb/testing'), 'noRestrictedImports'],
  ['packages/tools/src/uses-chat.ts', imports('@enjamb/chat'), 'noRestrictedImports'],
  ['packages/tools/src/node/uses-agent.ts', imports('@enjamb/agent'), 'noRestrictedImports'],
  ['packages/chat/src/uses-agent.ts', imports('@enjamb/agent'), 'noRestrictedImports'],
  ['packages/chat/src/runs-tools.ts', `import { runTools } from '@enjamb/tools'\nrunTools()\n`, 'noRestrictedImports'],
  ['packages/agent/src/uses-testing.ts', imports('@enjamb/testing'), 'noRestrictedImports'],
  ['packages/testing/src/uses-stream.ts', imports('@enjamb/stream'), 'noRestrictedImports'],
  ['packages/stream/src/deep.ts', imports('@enjamb/core/src/index.ts'), 'noRestrictedImports'],
  ['packages/stream/src/deep.test.ts', imports('@enjamb/core/dist/index.js'), 'noRestrictedImports'],
  ['packages/agent/src/relative.ts', imports('../../core/src/index.ts'), 'noRestrictedImports'],
  ['packages/agent/src/a/relative.ts', imports('../../../core/src/wire/message.ts'), 'noRestrictedImports'],
  ['packages/agent/test/relative.test.ts', imports('../../core/dist/index.js'), 'noRestrictedImports'],
  ['examples/deep.ts', imports('../packages/core/src/index.ts'), 'noRestrictedImports'],
  ['bench/deep.ts', imports('@enjamb/stream/src/sse-parser.ts'), 'noRestrictedImports'],
  ['packages/core/src/reads-files.ts', imports('node:fs/promises'), 'noNodejsModules'],
  ['packages/agent/src/spawns.ts', imports('child_process'), 'noNodejsModules'],
  ['packages/stream/src/buffers.ts', `export const empty = Buffer.alloc(0)\n`, 'noRestrictedGlobals'],
]

const accepted: [file: string, source: string][] = [
  ['packages/core/src/own.ts', imports('./errors/api-error.ts')],
  ['packages/core/src/node/files.ts', imports('node:fs')],
  ['packages/core/src/node.ts', imports('node:fs')],
  ['packages/core/src/own.test.ts', imports('node:fs')],
  ['packages/stream/src/own.ts', imports('@enjamb/core')],
  ['packages/stream/src/own.test.ts', imports('@enjamb/testing')],
  ['packages/stream/test/own.test.ts', imports('../src/own.ts')],
  ['packages/tools/src/own.ts', imports('@enjamb/stream')],
  ['packages/tools/src/node/own.ts', imports('node:child_process')],
  ['packages/chat/src/own.ts', imports('@enjamb/core')],
  [
    'packages/chat/src/types.ts',
    `import type { Toolset } from '@enjamb/tools'\nexport type Options = { tools: Toolset }\n`,
  ],
  ['packages/chat/src/own.test.ts', `import { toolset } from '@enjamb/tools'\ntoolset()\n`],
  ['packages/agent/src/own.ts', imports('@enjamb/chat')],
  ['examples/own.ts', imports('@enjamb/agent')],
  ['packages/testing/src/own.ts', imports('@enjamb/core')],
  ['packages/testing/src/server.ts', imports('node:http')],
]

describe('the layers', () => {
  let folder: string
  let found: Map<string, string[]>

  beforeAll(() => {
    // A tree of its own, laid out like the repository: other checks may be reading the real one at this moment.
    folder = mkdtempSync(join(tmpdir(), 'enjamb-layers-'))
    copyFileSync(join(root, 'biome.json'), join(folder, 'biome.json'))
    copyFileSync(join(root, '.gitignore'), join(folder, '.gitignore'))
    for (const [file, source] of [...refused, ...accepted]) {
      mkdirSync(dirname(join(folder, file)), { recursive: true })
      writeFileSync(join(folder, file), source)
    }
    execFileSync('git', ['init', '--quiet'], { cwd: folder })
    found = lint(folder)
  })
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true })
  })

  it.each(refused)('refuse %s', (file, _, rule) => {
    expect(found.get(file)).toContain(rule)
  })

  it.each(accepted)('accept %s', (file) => {
    expect(found.get(file)).toBeUndefined()
  })
})

/** The names of the rules that each file breaks. */
function lint(folder: string): Map<string, string[]> {
  const biome = join(root, 'node_modules', '.bin', 'biome')
  const run = spawnSync(biome, ['lint', '--reporter=json', '--max-diagnostics=none', '.'], {
    cwd: folder,
    encoding: 'utf8',
  })
  const report: { diagnostics: { category: string; location: { path: string } }[] } = JSON.parse(run.stdout)
  const rules = new Map<string, string[]>()
  for (const { category, location } of report.diagnostics) {
    const rule = category.split('/').at(-1) ?? category
    rules.set(location.path, [...(rules.get(location.path) ?? []), rule])
  }
  return rules
}
