import { closeSync, readdirSync, writeSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { afterEach, expect, it, vi } from 'vitest'
import { workFolder } from '../../../test/work-folder.ts'
import { createShellPipe } from './shell-pipe.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

it.runIf(process.platform === 'linux')('carries what is printed, and leaves no file behind', async () => {
  const { cwd } = workFolder()
  vi.stubEnv('TMPDIR', cwd)
  const { output, input } = createShellPipe()!
  expect(readdirSync(cwd)).toEqual([])
  writeSync(input, 'printed')
  closeSync(input)
  expect(await text(output)).toBe('printed')
})

it('is none where it cannot be made', () => {
  const open = () => readdirSync('/dev/fd').length
  const before = open()
  vi.stubEnv('TMPDIR', '/no/such/folder')
  expect(createShellPipe()).toBeUndefined()
  expect(open()).toBe(before)
})
