import { type MockServerOptions, script } from '@enjamb/testing'
import { describe, expect, it } from 'vitest'
import { runExample } from '../run-example.ts'
import { runs } from '../runs.ts'

const run = (name: string, options?: MockServerOptions) => runExample(new URL(name, import.meta.url), options)

describe('the example', { timeout: 30_000 }, () => {
  it('of a first stream shows the text, and how it ended', async () => {
    const { out } = await run('first-stream.ts')
    expect(out).toMatch(runs['stream/first-stream'].out)
  })

  it('of live input shows a file while it is written', async () => {
    const { turns, out: expected } = runs['stream/live-input']
    const { out } = await run('live-input.ts', { script: script(turns) })
    expect(out).toMatch(expected)
  })

  it('of a relay brings the text to the page, and the usage to the server', async () => {
    const { out } = await run('relay.ts')
    expect(out.replace(/\d+ tokens\n/, '').replaceAll('\n', '')).toBe('You said: What is an enjambment?')
    expect(out).toMatch(runs['stream/relay'].out)
  })
})
