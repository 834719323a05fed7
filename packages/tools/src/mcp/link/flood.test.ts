import type { Transport } from '@modelcontextprotocol/client'
import { describe, expect, it, onTestFinished } from 'vitest'
import { serve } from '../../../test/serve.ts'
import { ProcessTransport } from '../../node/process/process-transport.ts'
import { HttpTransport } from './http-transport.ts'

const most = 256
const count = 20_000

/** How many messages, or what was wrong with them, came in each turn of the event loop. */
function countByTurn(transport: Transport) {
  const turns: number[] = [0]
  let immediate = setImmediate(function next() {
    if (turns.at(-1)) turns.push(0)
    immediate = setImmediate(next)
  })
  onTestFinished(async () => {
    clearImmediate(immediate)
    await transport.close()
  })
  let left = count
  return new Promise<number[]>((resolve) => {
    const seen = () => {
      turns[turns.length - 1]!++
      if (!--left) resolve(turns)
    }
    transport.onmessage = seen
    transport.onerror = seen
  })
}

const lines = {
  'messages that nobody waits for': '{"jsonrpc":"2.0","method":"x"}',
  'objects that are no messages': '{}',
}

describe('a server that floods', () => {
  it.each(Object.entries(lines))('as a process with %s, is heard some of them at a time', async (_, line) => {
    const program = `process.stdout.write(${JSON.stringify(`${line}\n`)}.repeat(${count}))`
    const transport = new ProcessTransport({
      command: process.execPath,
      args: ['-e', `${program}; process.stdin.resume()`],
    })
    const turns = countByTurn(transport)
    await transport.start()
    expect(Math.max(...(await turns))).toBeLessThanOrEqual(most)
  })

  it.each(Object.entries(lines))('over HTTP with %s, is heard some of them at a time', async (_, line) => {
    const { url } = await serve((request, response) => {
      if (request.method !== 'POST') return void response.writeHead(405).end()
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`data: ${line}\n\n`.repeat(count))
    })
    const transport = new HttpTransport({ url }, () => {})
    const turns = countByTurn(transport)
    await transport.start()
    await transport.send({ jsonrpc: '2.0', id: 1, method: 'tools/call' })
    // A few pieces may wait between the parts that a body goes through.
    expect(Math.max(...(await turns))).toBeLessThanOrEqual(2 * most)
  })

  it('with lines that are no messages holds up nobody, and is not lost what it says between them', async () => {
    const program = `process.stdout.write('x\\n'.repeat(${count}) + '{"jsonrpc":"2.0","method":"last"}\\n'); process.stdin.resume()`
    const transport = new ProcessTransport({ command: process.execPath, args: ['-e', program] })
    onTestFinished(() => transport.close())
    const heard = new Promise((resolve) => {
      transport.onmessage = resolve
    })
    await transport.start()
    expect(await heard).toMatchObject({ method: 'last' })
  })

  it('is heard to the end of what it has written when it ends', async () => {
    const program = `process.stdout.write('{"jsonrpc":"2.0","method":"x"}\\n'.repeat(${count}), () => process.exit())`
    const transport = new ProcessTransport({ command: process.execPath, args: ['-e', program] })
    const turns = countByTurn(transport)
    transport.onerror = () => {}
    await transport.start()
    expect((await turns).reduce((sum, one) => sum + one)).toBe(count)
  })

  it('with questions, and reads no answers, is given up', async () => {
    const program = `const line = '{"jsonrpc":"2.0","id":1,"method":"x"}\\n'.repeat(2000); const go = () => process.stdout.write(line, go); go()`
    const transport = new ProcessTransport({ command: process.execPath, args: ['-e', program] })
    const trouble: string[] = []
    transport.onerror = (error) => trouble.push(error.message)
    const answer = { jsonrpc: '2.0' as const, id: 1, error: { code: -32_601, message: 'x'.repeat(20_000) } }
    transport.onmessage = () => void transport.send(answer).catch(() => {})
    const closed = new Promise<void>((resolve) => {
      transport.onclose = resolve
    })
    await transport.start()
    await closed
    expect(trouble[0]).toBe('It does not read what it is sent.')
    await transport.close()
  }, 20_000)
})
