import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createMockServer, script } from '@enjamb/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { journalAgent, stateOf } from '../../test/journals/sessions.ts'
import { type Entry, importSession, memoryStore } from '../index.ts'
import { type BrokenLine, fileStore } from '../node/index.ts'

const folder = fileURLToPath(new URL('../../test/journals', import.meta.url))
const versions = readdirSync(folder, { withFileTypes: true }).filter((one) => one.isDirectory())

type States = { [id: string]: Awaited<ReturnType<typeof stateOf>> }

/** Journals of a release as it left them, and an agent of this one. */
async function release(version: string) {
  const server = await createMockServer({ script: script(['It goes on.', 'And on.']) })
  onTestFinished(() => server.close())
  const copy = mkdtempSync(join(tmpdir(), 'past-'))
  onTestFinished(() => rmSync(copy, { recursive: true }))
  const cwd = join(copy, 'project')
  mkdirSync(cwd)
  cpSync(join(folder, version), copy, { recursive: true })
  const broken: BrokenLine[] = []
  const store = fileStore(copy, { onBroken: (line) => broken.push(line) })
  const lines = readFileSync(join(folder, version, 'states.jsonl'), 'utf8')
    .trim()
    .split('\n')
  const states: States = Object.fromEntries(
    lines.map((line) => JSON.parse(line)).map(({ id, ...state }) => [id, state]),
  )
  return { server, cwd, copy, broken, store, states, agent: journalAgent(store, cwd, server.url) }
}

/** What was there, without what opening a session adds to it. */
function compare({ entries, rewindPoints, ...now }: States[string], before: States[string]) {
  const { entries: _, rewindPoints: __, ...then } = before
  expect(JSON.parse(JSON.stringify(now))).toEqual(then)
  expect(entries.slice(0, before.entries.length)).toEqual(before.entries)
  expect(rewindPoints.filter((seq) => seq <= before.entries.length)).toEqual(before.rewindPoints)
}

// If one of these fails, old journals are not wrong: the code is. Nobody's session may be lost by an update.
describe.each(versions.map(({ name }) => name))('the journals of release %s', (version) => {
  it('come to what they came to then, and go on', { timeout: 30_000 }, async () => {
    const { agent, states, broken } = await release(version)
    expect(Object.keys(states).length).toBeGreaterThan(0)
    for (const [id, before] of Object.entries(states)) {
      const session = await agent.session({ id, resume: true })
      compare(await stateOf(session), before)
      if (before.status === 'idle') {
        expect((await session.send('Go on.').final()).text).toMatch('on.')
      }
      await session.close()
    }
    // Each time that it is read.
    expect(new Set(broken.map(({ sessionId, line }) => `${sessionId} ${line}`)).size).toBe(1)
  })

  it('go on with the call that waited, and with the one that was decided about', async () => {
    for (const id of ['waits', 'cut-off']) {
      const { agent, server } = await release(version)
      const session = await agent.session({ id, resume: true })
      const [pending] = session.pending
      const turn = pending ? await session.decide(pending.id, { allow: true }) : session.continue()
      expect(await turn!.final()).toMatchObject({ status: 'completed', calls: expect.arrayContaining([]) })
      expect(JSON.stringify((server.requests[0]!.body as { messages: unknown[] }).messages.at(-1))).toContain('Paid.')
      await session.close()
    }
  })

  it('have the content of files that were changed', async () => {
    const { store } = await release(version)
    const held: string[] = []
    for await (const entry of store.read('main')) {
      if (entry.type !== 'checkpoint' || entry.before === null) continue
      held.push(Buffer.from((await store.blobs.get(entry.before))!).toString())
    }
    expect(held).toContain('one')
  })

  it('come from a file as they are in the store', async () => {
    const { copy, store, states, cwd, server } = await release(version)
    const other = memoryStore()
    await importSession(other, readFileSync(join(copy, 'main.enjamb')))
    const [here, there]: [Entry[], Entry[]] = [[], []]
    for await (const entry of store.read('main')) here.push(entry)
    for await (const entry of other.read('main')) there.push(entry)
    expect(there).toEqual(here)
    await using session = await journalAgent(other, cwd, server.url).session({ id: 'main', resume: true })
    compare(await stateOf(session), states.main!)
  })
})
