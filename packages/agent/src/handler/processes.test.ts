import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createMockServer, script, type Turn } from '@enjamb/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { buildProgram } from '../../test/build-program.ts'
import { factsOf, hasShown, isEnd, readUntil, textOf } from '../../test/read-events.ts'
import { createAgent, followSession } from '../index.ts'
import { fileStore } from '../node/index.ts'

let folder: string
let program: string
const children = new Set<ChildProcess>()

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'enjamb-servers-'))
  program = join(folder, 'server.mjs')
  await buildProgram(new URL('../../test/session-server.ts', import.meta.url), program)
})
afterEach(async () => {
  await Promise.all([...children].map(kill))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function kill(child: ChildProcess): Promise<void> {
  children.delete(child)
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

/** Processes that share a folder of sessions. */
async function setUp(turns: Turn[]) {
  const api = await createMockServer({ script: script(turns) })
  onTestFinished(() => api.close())
  const store = mkdtempSync(join(folder, 'sessions-'))
  async function start(port = '0') {
    const child = spawn(process.execPath, [program, store, api.url, port], { stdio: ['ignore', 'pipe', 'inherit'] })
    children.add(child)
    const [heard] = await once(createInterface(child.stdout), 'line')
    return { child, port: heard as string, at: `http://127.0.0.1:${heard}/sessions/s` }
  }
  return { start, agent: createAgent({ apiKey: 'key', store: fileStore(store) }), api }
}

const words = 'One word runs on and on across the line, and then another one. '

describe('a session that one process writes', () => {
  it('is followed by another one that shares its folder, fact by fact, and by pages of its own with every piece', async () => {
    const { start, agent } = await setUp([{ text: words, stallAfterEvents: -3 }, 'Two.'])
    const { at } = await start()
    const page = followSession(at)
    await page.send('One.')
    let ends = 0
    const there = readUntil(agent.events('s'), (event) => isEnd(event) && ++ends === 2)
    const here = await readUntil(page, hasShown(words))
    await page.interrupt()
    here.push(...(await readUntil(page, isEnd)))
    await page.send('Two.')
    here.push(...(await readUntil(page, isEnd)))
    expect(factsOf(here)).toEqual(factsOf(await there))
    expect(textOf(await there)).toBe('')
  })

  it('is refused by a second server, which names the first, and can be read there', async () => {
    const { start } = await setUp([{ text: words, stallAfterEvents: 9 }])
    const [first, second] = [await start(), await start()]
    await followSession(first.at).send('Go.')
    const other = followSession(second.at)
    await expect(other.send('And I?')).rejects.toMatchObject({
      status: 409,
      reason: 'session_busy',
      holder: { pid: first.child.pid, since: expect.any(Date) },
    })
    await expect(other.interrupt()).rejects.toMatchObject({ reason: 'session_busy' })
    expect((await readUntil(other, () => true))[0]).toMatchObject({ type: 'prompt', content: 'Go.' })
    await kill(first.child)
    // One that is dead holds nothing.
    await other.interrupt()
    expect(await other.state()).toMatchObject({ status: 'interrupted' })
  })

  it('goes on in a new process when that is killed in mid-answer: the page comes back, and no fact is lost or told twice', async () => {
    const { start, agent, api } = await setUp(['Before.', { text: words, stallAfterEvents: 12 }, 'After.'])
    const first = await start()
    const page = followSession(first.at)
    await page.send('Zero.')
    const events = await readUntil(page, isEnd)
    await page.send('Go.', { id: 'p' })
    let second: Promise<unknown> | undefined
    for await (const event of page) {
      events.push(event)
      if (event.type === 'text' && !second) {
        await kill(first.child)
        second = start(first.port).then(() => page.send('Go.', { id: 'p' }))
      }
      if (isEnd(event)) break
    }
    await second
    let ends = 0
    const whole = await readUntil(agent.events('s'), (event) => isEnd(event) && ++ends === 2)
    expect(factsOf(events)).toEqual(factsOf(whole))
    expect(events.filter(({ type }) => type === 'prompt')).toHaveLength(2)
    expect(api.requests).toHaveLength(3)
  })
})
