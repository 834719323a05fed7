import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sessionStoreTests } from '@enjamb/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { buildJournal, toolUse } from '../../../test/journal-builder.ts'
import { memoryStore } from '../../index.ts'
import { toLog } from '../../record/index.ts'
import { openLog } from './open-log.ts'
import { withLog } from './with-log.ts'

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'enjamb-log-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

const only = (logDir: string) => readFileSync(join(logDir, readdirSync(logDir)[0] ?? ''), 'utf8')
const at = new Date('2026-11-28T10:05:09.500Z')
const read = toolUse('toolu_1', 'Read', { file_path: 'a.txt' })
const { entries } = buildJournal().prompt('Look.').reply([read]).call(read, 'one').reply(['One line.']).turn()

describe('a log file', () => {
  it('is named after its name, time and session, and is its owner’s alone', () => {
    const logDir = join(folder(), 'logs')
    const log = openLog({ logDir, logName: 'reviewer', session: 'c0ffee00-1234', at })
    log.close()
    expect(readdirSync(logDir)).toEqual(['reviewer_20261128_100509_c0ffee00.log'])
    expect(log.path).toBe(join(logDir, 'reviewer_20261128_100509_c0ffee00.log'))
    expect(statSync(log.path).mode & 0o777).toBe(0o600)
  })

  it('without a session has none in its name, and one of the same second is another', () => {
    const logDir = folder()
    for (let n = 0; n < 2; n++) openLog({ logDir, logName: 'a', at }).close()
    openLog({ logDir, logName: 'b', session: '../../etc/passwd', at }).close()
    expect(readdirSync(logDir)).toEqual([
      'a_20261128_100509-2.log',
      'a_20261128_100509.log',
      'b_20261128_100509_------et.log',
    ])
  })

  it.each([true, false])('holds each entry as soon as it is written (logAll: %s)', (logAll) => {
    const log = openLog({ logDir: folder(), logAll })
    entries.forEach((entry, n) => {
      log.write(entry)
      expect(readFileSync(log.path, 'utf8')).toBe(toLog(entries.slice(0, n + 1), { all: logAll }))
    })
    log.close()
    log.close()
  })

  it('of a process that was killed can be read to the call that it died in', () => {
    const logDir = folder()
    const worker = fileURLToPath(new URL('../../../test/log-worker.ts', import.meta.url))
    const { signal } = spawnSync(process.execPath, ['--import', 'tsx', '-C', '@enjamb/source', worker, logDir])
    expect(signal).toBe('SIGKILL')
    expect(only(logDir)).toMatch(
      /\[User Message\]\nWait\.\n\n\[Tool Call: Bash\]\nArgs: \{"command": "sleep 1000"\}\n\n$/,
    )
  })

  it('is refused where no file can be', () => {
    const file = join(folder(), 'file')
    writeFileSync(file, '')
    expect(() => openLog({ logDir: file })).toThrow(/logDir must be a folder/)
    expect(() => openLog({ logDir: folder(), logName: '../escape' })).toThrow(
      /logName must be the beginning of a file's name/,
    )
  })
})

describe('a store with a log', () => {
  it('writes what is appended, and goes on in another file when the session is opened again', async () => {
    const logDir = folder()
    const store = withLog(memoryStore(), { logDir, logName: 'first', logAll: true })
    const lease = await store.open('c0ffee00-1234', { create: true })
    const bodies = entries.map(({ v, seq, at, ...body }) => body as never)
    expect(await lease.append(bodies)).toBe(entries.length)
    await lease.release()
    const first = only(logDir).replace(/\d{4}-[\d: -]+\]|Duration: [\d.]+/g, '#')
    expect(first).toBe(toLog(entries).replace(/\d{4}-[\d: -]+\]|Duration: [\d.]+/g, '#'))

    const again = await store.open('c0ffee00-1234')
    await again.append([{ type: 'prompt', id: 'p2', content: 'More?' }])
    await again.release()
    const second = readdirSync(logDir).map((name) => readFileSync(join(logDir, name), 'utf8'))
    expect(second.filter((text) => text.includes('Prompt #1') && !text.includes('Look.'))).toHaveLength(1)
  })

  it('loses no entry that its log cannot say, and reports that once', async () => {
    const errors: unknown[] = []
    const store = withLog(memoryStore(), { logDir: folder(), onError: (error) => errors.push(error) })
    const lease = await store.open('s', { create: true })
    expect(await lease.append([{ type: 'reply' } as never])).toBe(1)
    expect(errors).toHaveLength(1)
    expect(await lease.append([{ type: 'turn', status: 'completed' }])).toBe(2)
    await lease.release()
  })

  const stores = new Map<string, ReturnType<typeof withLog>>()
  const logDir = mkdtempSync(join(tmpdir(), 'enjamb-log-'))
  const storeOf = (name: string) => {
    const store = stores.get(name) ?? withLog(memoryStore(), { logDir })
    stores.set(name, store)
    return store
  }
  for (const { name, run } of sessionStoreTests(storeOf)) it(name, run)
  it('leaves nothing of these tests', () => rmSync(logDir, { recursive: true }))
})
