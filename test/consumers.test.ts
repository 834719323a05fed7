import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'enjamb-consumer-'))
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(join(root, 'examples/node_modules/@enjamb'), join(folder, 'node_modules/@enjamb'))
  symlinkSync(join(root, 'node_modules/@types'), join(folder, 'node_modules/@types'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

/**
 * What the compiler says of programs that use the packages as they were built, their own types checked as well; other versions
 * of it read them in `versions.long.test.ts`.
 */
function errorsOf(programs: Record<string, string>, options: { lib: string[]; types: string[] }): string {
  const compilerOptions = {
    target: 'es2022',
    module: 'nodenext',
    moduleResolution: 'nodenext',
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    exactOptionalPropertyTypes: true,
    ...options,
  }
  const files = Object.keys(programs)
  for (const file of files) writeFileSync(join(folder, file), programs[file] ?? '')
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }))
  const compiler = join(root, 'node_modules/typescript-7/bin/tsc')
  const { status, stdout } = spawnSync(process.execPath, [compiler, '--pretty', 'false'], {
    cwd: folder,
    encoding: 'utf8',
  })
  return status === 0 ? '' : stdout
}

// What sessions of an agent are is disposable, which a browser's types have in `esnext.disposable`.
const importing = Object.fromEntries(
  ['core', 'stream', 'tools', 'chat', 'agent'].map((name) => [
    `${name}.ts`,
    `import * as all from '@enjamb/${name}'\nexport const used = all\n`,
  ]),
)

it.each([
  ['Node, without the DOM', { lib: ['es2022'], types: ['node'] }],
  ['a browser', { lib: ['es2022', 'esnext.disposable', 'dom', 'dom.iterable'], types: [] }],
  ['both', { lib: ['es2023', 'dom', 'dom.iterable'], types: ['node'] }],
])('a program for %s compiles with each package', (_, options) => {
  expect(errorsOf(importing, options)).toBe('')
})

it('a program that imports what there is not does not compile', () => {
  const wrong = { 'wrong.ts': "export { nothing } from '@enjamb/core'\n" }
  expect(errorsOf(wrong, { lib: ['es2022'], types: ['node'] })).toContain('nothing')
})

it('the β fields of a request are typed', () => {
  const code = `
    import { createClient, createMessage } from '@enjamb/core'
    const client = createClient({ apiKey: 'k', headers: new Headers() })
    export const message = createMessage(client, {
      model: 'claude-opus-5-5',
      max_tokens: 1024,
      betas: ['context-management-2025-06-27', 'mcp-client-2025-11-20'],
      compaction: { type: 'summarize' },
      context_management: { edits: [{ type: 'clear_tool_uses_20250919', keep: { type: 'tool_uses', value: 3 } }] },
      fallbacks: [{ model: 'claude-haiku-4-5' }],
      mcp_servers: [{ type: 'url', name: 'docs', url: 'https://docs.example/mcp' }],
      output_config: { task_budget: { type: 'tokens', total: 50_000 } },
      thread: { type: 'create' },
      tools: [
        { type: 'mcp_toolset', mcp_server_name: 'docs', default_config: { defer_loading: true } },
        { type: 'advisor_20260301', name: 'advisor', model: 'claude-opus-5-5', max_uses: 1 },
      ],
      messages: [
        { role: 'user', content: 'Hi' },
        { role: 'system', content: 'Be brief.', clear_at: 'next_user_message', output_config: { effort: 'low' } },
      ],
    })
  `
  expect(errorsOf({ 'beta.ts': code }, { lib: ['es2022'], types: ['node'] })).toBe('')
})
