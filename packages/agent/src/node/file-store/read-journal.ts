import { watch } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { sessionNotFound } from '../../errors/session-not-found-error.ts'
import type { Entry } from '../../journal/entry.ts'
import { createJournalReader, type JournalReader } from './journal-reader.ts'
import { chunksOf } from './read-on.ts'

/** A journal's file, opened to be read. */
interface Source {
  id: string
  path: string
  reader: JournalReader
}

async function openToRead({ id, path }: Source): Promise<FileHandle> {
  try {
    return await open(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw sessionNotFound(id)
    throw error
  }
}

/** The entries that are in the file now, after one of them. */
export async function* readJournal(source: Source, after: number): AsyncGenerator<Entry, void> {
  const file = await openToRead(source)
  try {
    for await (const entries of chunksOf(file, source.reader)) {
      for (const { entry } of entries) if (entry.seq > after) yield entry
    }
  } finally {
    await file.close()
  }
}

/** The entries that are in the file, and those that come, until the signal aborts. */
export async function* followJournal(source: Source, after: number, signal: AbortSignal): AsyncGenerator<Entry, void> {
  const change = changesOf(source.path, signal)
  try {
    while (!signal.aborted) {
      const changed = change.next()
      // Each time by its name: a session that was deleted is not there, however long its file is open.
      for await (const entry of readJournal(source, after)) {
        if (signal.aborted) return
        yield entry
      }
      await changed
    }
  } finally {
    change.close()
  }
}

/** Where the system tells of no change, it is looked for this often. */
const pollMs = 1_000

/** Tells when a file may have changed; whatever comes after `next` was called is not missed. */
function changesOf(path: string, signal: AbortSignal) {
  let wake = () => {}
  const onChange = () => wake()
  const watcher = startWatching(path, onChange)
  const timer = setInterval(onChange, pollMs)
  signal.addEventListener('abort', onChange)
  return {
    next: () =>
      new Promise<void>((resolve) => {
        wake = resolve
      }),
    close() {
      watcher?.close()
      clearInterval(timer)
      signal.removeEventListener('abort', onChange)
    },
  }
}

function startWatching(path: string, onChange: () => void) {
  try {
    return watch(path, onChange).on('error', onChange)
  } catch {
    return undefined
  }
}

/** The first entry of a journal, without reading on. */
export async function firstEntry(id: string, path: string): Promise<Entry | undefined> {
  const source = { id, path, reader: createJournalReader(id, () => {}) }
  for await (const entry of readJournal(source, 0)) return entry
  return undefined
}
