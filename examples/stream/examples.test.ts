import { type MockServerOptions, script } from '@enjamb/testing'
import { describe, expect, it } from 'vitest'
import { runExample } from '../run-example.ts'

const run = (name: string, options?: MockServerOptions) => runExample(new URL(name, import.meta.url), options)

describe('the example', { timeout: 30_000 }, () => {
  it('of a first stream shows the text, and how it ended', async () => {
    const { out } = await run('first-stream.ts')
    expect(out).toMatch(/^You said: What is an enjambment\?\nend_turn \{/)
  })

  it('of live input shows a file while it is written', async () => {
    const input = { path: 'rain.txt', text: 'It rains, and rains, and rains.\n'.repeat(20) }
    const { out } = await run('live-input.ts', {
      script: script([{ toolCalls: [{ name: 'write_file', input }], eventDelayMs: 1 }]),
    })
    expect(out).toMatch(/^rain\.txt [1-9]\d* characters so far$/m)
    expect(out).toMatch(/\nrain\.txt 640 characters in all\n$/)
  })

  it('of a relay brings the text to the page, and the usage to the server', async () => {
    const { out } = await run('relay.ts')
    expect(out.replace(/\d+ tokens\n/, '').replaceAll('\n', '')).toBe('You said: What is an enjambment?')
    expect(out).toMatch(/^\d+ tokens$/m)
  })
})
