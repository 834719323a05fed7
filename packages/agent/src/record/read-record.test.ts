import { expect, it } from 'vitest'
import { buildJournal, toolUse } from '../../test/journal-builder.ts'
import { type EntryBody, memoryStore, SessionNotFoundError, type SessionStore } from '../index.ts'
import { readRecord } from './read-record.ts'

async function put(store: SessionStore, id: string, children: string[]): Promise<void> {
  const task = toolUse(`toolu_${id}`, 'Task')
  const journal = buildJournal({ id }).prompt('p').reply([task]).intent(task)
  for (const session of children) journal.add({ type: 'spawn', id: task.id, agent: 'general', session })
  const lease = await store.open(id, { create: true })
  await lease.append(journal.entries.map(({ v, seq, at, ...body }) => body as EntryBody))
  await lease.release()
}

it('a record has the sessions of sub-agents and of theirs, each once, but for those that are gone', async () => {
  const store = memoryStore()
  await put(store, 'a', ['b', 'c', 'gone'])
  await put(store, 'b', ['d'])
  await put(store, 'c', ['d', 'a'])
  await put(store, 'd', [])
  const { entries, children } = await readRecord(store, 'a')
  expect(entries[0]).toMatchObject({ type: 'session', id: 'a' })
  expect(Object.keys(children)).toEqual(['b', 'c', 'd'])
  expect(children.d?.at(-1)?.type).toBe('intent')
})

it('there is no record of a session that is none', async () => {
  await expect(readRecord(memoryStore(), 'none')).rejects.toThrow(SessionNotFoundError)
})
