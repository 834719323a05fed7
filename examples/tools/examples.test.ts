import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { script, type Turn } from '@enjamb/testing'
import { describe, expect, it } from 'vitest'
import { runExample } from '../run-example.ts'
import { runs } from '../runs.ts'

/** Runs an example in a folder with two files against a script; where it asks something, it gets an answer. */
function run(name: string, turns: Turn[], answer = '') {
  const prepare = (cwd: string) => {
    writeFileSync(join(cwd, 'NOTES.md'), '# Notes\n')
    writeFileSync(join(cwd, '.env'), 'SECRET=1\n')
    installServer(cwd)
  }
  return runExample(new URL(name, import.meta.url), { script: script(turns), prepare, answer })
}

/** What `npx` finds in the folder, it need not ask the registry for. */
function installServer(cwd: string) {
  const name = '@modelcontextprotocol/server-filesystem'
  const program = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-filesystem/dist/index.js'))
  mkdirSync(join(cwd, 'node_modules', '.bin'), { recursive: true })
  mkdirSync(join(cwd, 'node_modules', dirname(name)))
  symlinkSync(join(program, '..', '..'), join(cwd, 'node_modules', name))
  symlinkSync(program, join(cwd, 'node_modules', '.bin', 'mcp-server-filesystem'))
}

describe('the example', { timeout: 30_000 }, () => {
  it('of a first tool gets the weather', async () => {
    const { turns, out: expected } = runs['tools/first-tool']
    const { out } = await run('first-tool.ts', turns)
    expect(out).toMatch(expected)
  })

  it('of permissions asks, and does only what it may', async () => {
    const calls = [
      { name: 'Read', input: { file_path: '.env' } },
      { name: 'Bash', input: { command: 'git push' } },
      { name: 'Bash', input: { command: 'rm NOTES.md' } },
    ]
    const { out, cwd } = await run('permissions.ts', [{ toolCalls: calls }, 'Done.'], 'n\n')
    expect(out).toContain('Bash {"command":"rm NOTES.md"}? [y/N]')
    expect(out).not.toContain('git push')
    expect(out.match(/failed/g)).toHaveLength(3)
    expect(readFileSync(join(cwd, 'NOTES.md'), 'utf8')).toBe('# Notes\n')
  })

  it('of plan mode changes a file only when its plan is approved', async () => {
    const calls = [
      { name: 'EnterPlanMode' },
      { name: 'Write', input: { file_path: 'EARLY.md', content: 'too early' } },
      { name: 'ExitPlanMode', input: { plan: 'Write DONE.md.' } },
      { name: 'Write', input: { file_path: 'DONE.md', content: 'done' } },
    ]
    const turns = [...calls.map((call) => ({ toolCalls: [call] })), 'It is done.']
    const { out, cwd } = await run('plan-mode.ts', turns, 'y\n')
    expect(out).toMatch(/^Write DONE\.md\.\nShall it be done\? \[y\/N\] It is done\.$/)
    expect(readdirSync(cwd)).toEqual(expect.arrayContaining(['DONE.md']))
    expect(readdirSync(cwd)).not.toContain('EARLY.md')
  })

  it('of MCP uses the server that is there, and says which is not', async () => {
    const { out, server } = await run('mcp.ts', [
      { toolCalls: [{ name: 'mcp__files__read_text_file', input: { path: 'NOTES.md' } }] },
      'Nothing yet.',
    ])
    expect(out).toMatch(/^files \d+ tools\ntracker fetch failed: ECONNREFUSED\nNothing yet\.$/)
    expect(JSON.stringify(server.requests.at(-1)?.body)).toContain('# Notes')
  })

  it('of the coding tools changes a file', async () => {
    const { out, cwd } = await run('coding-tools.ts', [
      { toolCalls: [{ name: 'Read', input: { file_path: 'NOTES.md' } }] },
      {
        toolCalls: [
          {
            name: 'Edit',
            input: { file_path: 'NOTES.md', old_string: '# Notes', new_string: '# Notes\n\nTests: npm test' },
          },
        ],
      },
      'Done.',
    ])
    expect(readFileSync(join(cwd, 'NOTES.md'), 'utf8')).toBe('# Notes\n\nTests: npm test\n')
    expect(out).toMatch(/^Read .*\nEdit .*\n0\.\d{4} dollars\n$/)
  })
})
