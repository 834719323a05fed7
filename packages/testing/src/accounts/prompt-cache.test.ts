import type { CacheControl, MessageParam } from '@enjamb/core'
import { describe, expect, it } from 'vitest'
import { type Prompt, promptSegments } from '../tokens/prompt-segments.ts'
import { createPromptCache } from './prompt-cache.ts'

const minutes = 60_000
const text = (words: string, cache_control?: CacheControl) => ({
  type: 'text' as const,
  text: words,
  ...(cache_control ? { cache_control } : {}),
})
const ephemeral = { type: 'ephemeral' as const }
const user = (...content: ReturnType<typeof text>[]): MessageParam => ({ role: 'user', content })
const long = 'x'.repeat(4096)

function start() {
  const clock = { ms: 0 }
  const cache = createPromptCache(() => clock.ms)
  const use = (prompt: Prompt, model = 'm') => {
    const segments = promptSegments(prompt)
    const { usage, commit } = cache.plan(model, segments, 1024)
    commit()
    const { input_tokens: input, cache_creation_input_tokens: written, cache_read_input_tokens: read } = usage
    expect(input + (written ?? 0) + (read ?? 0)).toBe(segments.reduce((sum, { tokens }) => sum + tokens, 0))
    return { input, written, read, split: usage.cache_creation }
  }
  return { clock, use }
}

describe('the prompt cache', () => {
  it('writes a marked prefix, reads it again, and bills the rest as input', () => {
    const { use } = start()
    const prompt = { system: [text(long, ephemeral)], messages: [user(text('Hi'))] }
    expect(use(prompt)).toMatchObject({ input: 5, written: 1024, read: 0 })
    expect(use({ ...prompt, messages: [user(text('Another question'))] })).toMatchObject({ written: 0, read: 1024 })
  })

  it('does nothing without a mark, below the least length, for another model or another prefix', () => {
    const { use } = start()
    expect(use({ messages: [user(text(long))] })).toMatchObject({ written: 0, read: 0 })
    expect(use({ messages: [user(text('short', ephemeral))] })).toMatchObject({ written: 0, read: 0 })
    use({ system: [text(long, ephemeral)], messages: [user(text('Hi'))] })
    expect(use({ system: [text(long, ephemeral)], messages: [user(text('Hi'))] }, 'other')).toMatchObject({ read: 0 })
    expect(use({ system: [text(`${long}!`, ephemeral)], messages: [user(text('Hi'))] })).toMatchObject({ read: 0 })
  })

  it('forgets after five minutes without use, or an hour, as the mark says', () => {
    const { clock, use } = start()
    const short = { system: [text(long, ephemeral)], messages: [user(text('Hi'))] }
    const hour = { system: [text(`${long}h`, { ...ephemeral, ttl: '1h' })], messages: [user(text('Hi'))] }
    expect(use(short).split).toEqual({ ephemeral_5m_input_tokens: 1024, ephemeral_1h_input_tokens: 0 })
    expect(use(hour).split).toEqual({ ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 1025 })
    clock.ms += 4 * minutes
    expect(use(short).read).toBe(1024)
    clock.ms += 4 * minutes
    expect(use(short).read).toBe(1024)
    clock.ms += 5 * minutes
    expect(use(short).read).toBe(0)
    expect(use(hour).read).toBe(1025)
    clock.ms += 60 * minutes
    expect(use(hour).read).toBe(0)
  })

  it('moves with a conversation whose last block is marked', () => {
    const { use } = start()
    const first = user(text(long, ephemeral))
    use({ messages: [first] })
    const answer: MessageParam = { role: 'assistant', content: 'a'.repeat(400) }
    const second = { messages: [user(text(long)), answer, user(text('And now?', ephemeral))] }
    expect(use(second)).toMatchObject({ input: 0, read: 1028, written: 110 })
    expect(use(second)).toMatchObject({ input: 0, read: 1138, written: 0 })
  })

  it('takes the mark of the whole request for one on its last block', () => {
    const { use } = start()
    expect(use({ messages: [user(text(long))], cache_control: ephemeral })).toMatchObject({ input: 0, written: 1028 })
  })

  it('looks twenty blocks back and no further', () => {
    const { use } = start()
    use({ messages: [user(text(long, ephemeral))] })
    const after = (blocks: number) => ({
      messages: [user(text(long), ...Array.from({ length: blocks - 1 }, () => text('y')), text('z', ephemeral))],
    })
    expect(use(after(19)).read).toBe(1028)
    expect(start().use(after(19)).read).toBe(0)
    const far = start()
    far.use({ messages: [user(text(long, ephemeral))] })
    expect(far.use(after(20)).read).toBe(0)
  })
})
