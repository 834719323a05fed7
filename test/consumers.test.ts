import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const program = fileURLToPath(new URL('../examples/some-program.ts', import.meta.url))

/** What the compiler says of a program that uses the packages as they were built, their own types checked as well. */
function errorsOf(code: string, options: ts.CompilerOptions): string[] {
  const settings: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    exactOptionalPropertyTypes: true,
    ...options,
  }
  const host = ts.createCompilerHost(settings)
  const { fileExists, readFile } = host
  host.fileExists = (file) => file === program || fileExists(file)
  host.readFile = (file) => (file === program ? code : readFile(file))
  const found = ts.getPreEmitDiagnostics(ts.createProgram([program], settings, host))
  return found.map(({ file, start, messageText }) => {
    const line = file ? file.getLineAndCharacterOfPosition(start ?? 0).line + 1 : 0
    return `${file?.fileName.replace(/.*\/(node_modules|packages)\//, '')}:${line} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
  })
}

const libraries: [name: string, options: ts.CompilerOptions][] = [
  ['Node, without the DOM', { lib: ['lib.es2022.d.ts'], types: ['node'] }],
  ['a browser', { lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'], types: [] }],
  ['both', { lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'], types: ['node'] }],
]

describe.each(libraries)('a program for %s', (_, options) => {
  it.each(['@enjamb/core', '@enjamb/stream', '@enjamb/tools', '@enjamb/chat'])('compiles with %s', (name) => {
    expect(errorsOf(`import * as all from '${name}'\nexport const used = all\n`, options)).toEqual([])
  })
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
  expect(errorsOf(code, libraries[0]![1])).toEqual([])
})
