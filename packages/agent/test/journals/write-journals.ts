import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createMockServer, script } from '@enjamb/testing'
import { type EntryBody, exportSession } from '../../src/index.ts'
import { fileStore } from '../../src/node/index.ts'
import { journalAgent, stateOf } from './sessions.ts'

/**
 * Writes the journals of this release, which every later one reads (`src/journal/past-journals.test.ts`):
 *
 *     npx tsx --conditions=@enjamb/source packages/agent/test/journals/write-journals.ts <version>
 *
 * Once, just before the release. Those of a release that is out are never written again: if a test fails on them, the
 * code is wrong.
 */
const version = process.argv[2]
if (!version || !/^\d+\.\d+\.\d+$/.test(version)) throw new Error('Say which version, like 1.2.3.')
const target = fileURLToPath(new URL(version, import.meta.url))
const folder = await realpath(await mkdtemp(join(tmpdir(), 'journals-')))
const cwd = join(folder, 'project')
const storeFolder = join(folder, 'store')
await mkdir(cwd)
await writeFile(join(cwd, 'a'), 'one')

const call = (name: string, input: Record<string, string>) => ({ name, input })
const server = await createMockServer({
  seed: 1,
  script: script([
    {
      text: 'I look.',
      toolCalls: [call('Read', { file_path: 'a' }), call('Write', { file_path: 'a', content: 'two' })],
    },
    'Done.',
    { toolCalls: [call('Write', { file_path: 'b', content: 'new' }), call('ask', { what: 'Is it?' })] },
    'Again.',
    { toolCalls: [call('pay', { what: 'five' }), call('locate', {})] },
    'Paid.',
    { text: 'A long answer that breaks off.', cutAfterEvents: -3 },
    { refusal: { category: 'cyber', explanation: 'No.', after: 'Well, ' } },
    { toolCalls: [call('pay', { what: 'six' })] },
    { toolCalls: [call('Write', { file_path: 'c', content: 'c' }), call('pay', { what: 'seven' })] },
    'First answer.',
    'What was said before, in short.',
    'Third answer.',
  ]),
})
const store = fileStore(storeFolder)
const agent = journalAgent(store, cwd, server.url)
const states: Record<string, object> = {}

async function keep(session: Awaited<ReturnType<typeof agent.session>>) {
  states[session.id] = await stateOf(session)
  await session.close()
}

const main = await agent.session({ id: 'main', title: 'A session with everything' })
await main.send('Zeile eins\n漢 😀 \u2028', { id: 'p1', by: 'somebody' }).final()
const fork = await main.fork({ id: 'fork' })
await main.send('Refuse me.').final()
const second = main.send([{ type: 'text', text: 'Go on.' }], { id: 'p2' })
await second.final()
await main.note('build', { passed: true })
await main.send('Pay.').final()
const [pay, locate] = main.pending.map(({ id }) => id)
await main.decide(pay!, { allow: true, input: { what: 'four' }, by: 'somebody' })
await (await main.decide(locate!, { content: 'Berlin' }))!.final()
await main
  .send('Tell.')
  .final()
  .catch(() => {})
await main.rewind({ to: await lastTurnOf('main', 3) })
await keep(main)
await fork
  .send('What now?')
  .final()
  .catch(() => {})
await keep(fork)

const waits = await agent.session({ id: 'waits' })
await waits.send('Pay.').final()
await keep(waits)

const cut = await agent.session({ id: 'cut-off' })
await cut.send('Write.').final()
await cut.close()
// As a process leaves it that is killed while it writes: a turn without its end, a call without its result, a torn line.
const lease = await store.open('cut-off')
await lease.append([
  { type: 'decision', id: cut.pending[0]?.id ?? 'none', allow: true },
  { type: 'later_release', data: { v: 7 } } as unknown as EntryBody,
])
await lease.release()
await appendFile(join(storeFolder, 'cut-off.jsonl'), '{"v":1,"seq":99,"at":"2026')
await keep(await agent.session({ id: 'cut-off', resume: true }))

const more = await agent.session({ id: 'more' })
await more.send('First.').final()
await more.close()
const writer = await store.open('more')
await writer.append([
  { type: 'params', changed: { max_tokens: 16_000 }, why: 'the agent was made with other options' },
  { type: 'params', changed: { max_tokens: 32_000 }, why: 'the agent was made with other options' },
  { type: 'context', content: 'By the way.', by: 'beforeTurn' },
  { type: 'prompt', id: 'p2', content: 'Second.' },
  { type: 'turn', status: 'interrupted' },
  {
    type: 'mend',
    index: 0,
    message: { role: 'user', content: '[An image was left out.]' },
    why: 'The API refused it.',
  },
  { type: 'spawn', id: 'toolu_1', agent: 'general', session: 'below', background: true },
])
await writer.release()
const again = await agent.session({ id: 'more', resume: true })
await again.compact()
await again.send('Third.').final()
await keep(again)

await rm(target, { recursive: true, force: true })
await mkdir(target, { recursive: true })
for (const name of await readdir(storeFolder)) {
  if (name.endsWith('.jsonl'))
    await writeFile(join(target, name), clean(await readFile(join(storeFolder, name), 'utf8')))
}
await cp(join(storeFolder, 'blobs'), join(target, 'blobs'), { recursive: true })
await writeFile(join(target, 'main.enjamb'), await exportSession(fileStore(target), 'main'))
const lines = Object.entries(states).map(([id, state]) => `${JSON.stringify({ id, ...state })}\n`)
await writeFile(join(target, 'states.jsonl'), clean(lines.join('')))
await server.close()
await rm(folder, { recursive: true })

async function lastTurnOf(id: string, number: number): Promise<number> {
  let ended = 0
  for await (const { type, seq } of store.read(id)) if (type === 'turn' && ++ended === number) return seq
  throw new Error(`Session ${id} has no ${number} turns.`)
}

/** Nothing of the machine stays in it. */
function clean(text: string): string {
  return text
    .replaceAll(cwd, '/project')
    .replace(/"host":"[^"]*","pid":\d+,"process":"[^"]*"/g, '"host":"host","pid":1,"process":"1"')
    .replaceAll(storeFolder, '/store')
}
