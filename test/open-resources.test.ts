import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { leftResources, resourcesBefore } from './open-resources.ts'

it('names the timers, servers and programs that a test leaves open, and nothing once they are gone', async () => {
  const before = resourcesBefore()
  const timer = setTimeout(() => {}, 60_000)
  const server = createServer().listen(0)
  const program = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  await once(server, 'listening')
  expect((await leftResources(before)).sort()).toEqual(['1 × ProcessWrap', '1 × TCPServerWrap', '1 × Timeout'])

  clearTimeout(timer)
  server.close()
  program.kill()
  expect(await leftResources(before)).toEqual([])
})
