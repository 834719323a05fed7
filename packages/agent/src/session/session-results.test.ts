import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMockServer, script, type Turn } from '@enjamb/testing'
import { defineTool } from '@enjamb/tools'
import { codingTools } from '@enjamb/tools/node'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { type AgentOptions, createAgent } from '../index.ts'
import { resultFolder } from '../node/index.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'enjamb-results-'))
  onTestFinished(() => rm(folder, { recursive: true }))
})

const long = Array.from({ length: 5_000 }, (_, n) => `line ${n}`).join('\n')
const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } } as const
const give = (value: unknown, traits: object = {}) =>
  defineTool({ name: 'give', description: 'Gives.', input: { type: 'object' }, run: () => value, ...traits })

/** What a tool's result is in the conversation. */
async function resultOf(options: AgentOptions, turns: Turn[] = []) {
  const call: Turn = { toolCalls: [{ name: 'give', id: 'toolu_1' }] }
  const server = await createMockServer({ script: script([call, ...turns, 'Done.']) })
  onTestFinished(() => server.close())
  const agent = createAgent({ apiKey: 'key', baseURL: server.url, retry: { maxRetries: 0 }, ...options })
  await using session = await agent.session({ id: 's' })
  const { calls } = await session.send('Go.').final()
  return { result: calls[0]!.result, calls, isError: calls[0]!.isError }
}

describe('a result that is too long for the conversation', () => {
  it('goes into a file of the session, and the model gets its beginning, its end and where it is', async () => {
    const { result } = await resultOf({ tools: [give(long)], resultFiles: resultFolder(folder), maxResultChars: 1_000 })
    const path = join(folder, 's', 'toolu_1.txt')
    expect(result).toMatch(/^line 0\nline 1\n/)
    expect(result).toContain(`All of it is in ${path}: read parts of it, or search it.`)
    expect(result).toMatch(/line 4999$/)
    expect((result as string).length).toBeLessThan(1_300)
    expect(await readFile(path, 'utf8')).toBe(long)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  it('can be read and searched there by the coding tools', async () => {
    const tools = [give(long), ...codingTools({ cwd: process.cwd(), additionalDirectories: [folder] })]
    const path = join(folder, 's', 'toolu_1.txt')
    const look: Turn = {
      toolCalls: [
        { name: 'Read', input: { file_path: path, offset: 3_001, limit: 1 } },
        { name: 'Grep', input: { pattern: 'line 4242', path, output_mode: 'content' } },
      ],
    }
    const { calls } = await resultOf({ tools, resultFiles: resultFolder(folder), maxResultChars: 1_000 }, [look])
    // They only read, and so end in any order.
    const resultOfTool = (name: string) => calls.find((call) => call.name === name)?.result
    expect(resultOfTool('Read')).toContain('line 3000')
    expect(resultOfTool('Grep')).toContain('line 4242')
  })

  it('keeps what is no text, and stands in its file by lines where it is JSON', async () => {
    const blocks = [{ type: 'text', text: long }, image]
    const options = { resultFiles: resultFolder(folder), maxResultChars: 100 }
    const { result } = await resultOf({ tools: [give(blocks)], ...options })
    expect(result).toMatchObject([{ type: 'text' }, image])
    await resultOf({ tools: [give({ rows: Array(100).fill('row') })], ...options })
    expect(await readFile(join(folder, 's', 'toolu_1.txt'), 'utf8')).toMatch(/^\{\n {2}"rows": \[\n/)
  })

  it('is cut where it cannot be kept, and the model is told why', async () => {
    await writeFile(join(folder, 's'), 'No folder.')
    const { result, isError } = await resultOf({
      tools: [give(long)],
      resultFiles: resultFolder(folder),
      maxResultChars: 1_000,
    })
    expect(result).toMatch(/They could not be kept: E(EXIST|NOTDIR)/)
    expect(isError).toBe(false)
  })

  it('is cut where there is no place for it', async () => {
    const { result } = await resultOf({ tools: [give(long)], maxResultChars: 1_000 })
    expect(result).toMatch(/\[Cut: 1000 of \d+ characters are shown\.\]$/)
  })

  it('is one that is longer than its tool allows, or than the session does', async () => {
    const resultFiles = resultFolder(folder)
    const cut = /characters are left out here/
    expect((await resultOf({ tools: [give(long, { maxResultChars: 500 })], resultFiles })).result).toMatch(cut)
    expect((await resultOf({ tools: [give(long)], resultFiles })).result).toBe(long)
    expect((await resultOf({ tools: [give(long.repeat(3))], resultFiles })).result).toMatch(cut)
  })

  it('may be an error', async () => {
    const run = () => {
      throw new Error(long)
    }
    const options = { resultFiles: resultFolder(folder), maxResultChars: 1_000 }
    const { result, isError } = await resultOf({ tools: [give('', { run })], ...options })
    expect([isError, (result as string).length < 1_300]).toEqual([true, true])
  })
})
