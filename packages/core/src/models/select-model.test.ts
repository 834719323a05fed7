import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { MessageParam } from '../wire/index.ts'
import { costOf } from './cost-of.ts'
import { modelAliases } from './model-aliases.generated.ts'
import { chooseModel, selectModel } from './select-model.ts'

const { haiku, sonnet, opus } = modelAliases
const ranks: string[] = [haiku, sonnet, opus]
const rank = (model: string) => ranks.indexOf(model)
const long = (chars: number) => 'word '.repeat(chars / 5)
const user = (content: MessageParam['content']) => ({ role: 'user', content }) as MessageParam
const image = { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } } as const

describe('a prompt', () => {
  test.each<[string, string, string | MessageParam[]]>([
    ['that is short and simple', haiku, 'What is the capital of France?'],
    ['that is empty', haiku, ''],
    ['of no messages', haiku, []],
    ['that asks for an explanation', haiku, 'Explain tides to a child.'],
    ['that asks for one of code', sonnet, 'Explain this:\n```js\nx => x\n```'],
    ['that asks to summarise an article', sonnet, `Summarize this: ${long(5_000)}`],
    ['that has an image to describe', sonnet, [user([image, { type: 'text', text: 'Compare the two halves.' }])]],
    ['that is a proof to find', sonnet, 'Prove that there are infinitely many primes.'],
    ['that is code to debug', opus, 'Debug this:\n```js\nfor (;;) {}\n```'],
    ['that is a long text to refactor', opus, `Refactor this module. ${long(5_000)}`],
    [
      'that asks to explain something in the twelfth message',
      sonnet,
      [...new Array(11).fill(user('Hi')), user('Explain it.')],
    ],
    ['that is a book to compare with another', opus, `Compare these books: ${long(500_000)}`],
    [
      'whose hard question was answered',
      haiku,
      [user('Debug ```x```'), { role: 'assistant', content: 'It is y.' }, user('Thanks!')],
    ],
    [
      'whose hard question has got a tool result since',
      opus,
      [user('Debug ```x```'), user([{ type: 'tool_result', tool_use_id: 't', content: 'y' }])],
    ],
    [
      'whose length is in a tool result',
      sonnet,
      [user([{ type: 'tool_result', tool_use_id: 't', content: [{ type: 'text', text: long(25_000) }] }])],
    ],
  ])('%s goes to %s', (_, model, prompt) => {
    expect(selectModel(prompt)).toBe(model)
  })

  test('of the same words is the same as a text, as a message and as blocks', () => {
    for (const text of ['Hi', 'Explain ```x```', `Debug ${long(5_000)}`]) {
      expect(selectModel([user(text)])).toBe(selectModel(text))
      expect(selectModel([user([{ type: 'text', text }])])).toBe(selectModel(text))
    }
  })
})

describe('a budget', () => {
  const hard = `Design and compare two protocols. ${long(5_000)}`

  test('chooses the strongest model that it bears', () => {
    const usage = { input_tokens: Math.ceil(hard.length / 4), output_tokens: 4_000 }
    const [mid, top] = [costOf(sonnet, usage)!.usd, costOf(opus, usage)!.usd]
    expect(selectModel(hard, { remaining: top })).toBe(opus)
    expect(selectModel(hard, { remaining: top - 1e-9 })).toBe(sonnet)
    expect(selectModel(hard, { remaining: mid })).toBe(sonnet)
    expect(selectModel(hard, { remaining: mid - 1e-9 })).toBe(haiku)
  })

  test.each([0, -1, Number.NaN, Number.NEGATIVE_INFINITY])('of %d leaves the cheapest', (remaining) => {
    expect(selectModel(hard, { remaining })).toBe(haiku)
  })

  test('without end is none', () => {
    expect(selectModel(hard, { remaining: Number.POSITIVE_INFINITY })).toBe(opus)
    expect(selectModel(hard, { remaining: undefined })).toBe(opus)
  })
})

const words = fc.constantFrom(
  'Hi',
  'explain',
  'debug',
  'Design',
  '```',
  'x => y;\n',
  'why',
  long(3_000),
  long(30_000),
  '\n',
)
const text = fc.array(words, { maxLength: 12 }).map((parts) => parts.join(' '))
const block = fc.oneof(
  text.map((text) => ({ type: 'text', text })),
  fc.constant(image),
  text.map((content) => ({ type: 'tool_result', tool_use_id: 't', content })),
)
const message = fc.record({
  role: fc.constantFrom('user', 'assistant', 'system'),
  content: fc.oneof(text, fc.array(block, { maxLength: 4 })),
}) as fc.Arbitrary<MessageParam>
const prompt = fc.oneof(text, fc.array(message, { maxLength: 14 }))
const dollars = fc.oneof(fc.double(), fc.double({ min: 0, max: 0.3, noNaN: true }))

describe('for any prompt and budget', () => {
  test('the model is one of three, and the same when asked again', () => {
    fc.assert(
      fc.property(prompt, dollars, (prompt, remaining) => {
        const model = selectModel(prompt, { remaining })
        expect(ranks).toContain(model)
        expect(selectModel(structuredClone(prompt), { remaining })).toBe(model)
      }),
    )
  })

  test('less money never selects a dearer one', () => {
    fc.assert(
      fc.property(prompt, dollars, dollars, (prompt, a, b) => {
        fc.pre(a <= b)
        expect(rank(selectModel(prompt, { remaining: a }))).toBeLessThanOrEqual(
          rank(selectModel(prompt, { remaining: b })),
        )
        expect(rank(selectModel(prompt, { remaining: b }))).toBeLessThanOrEqual(rank(selectModel(prompt)))
      }),
    )
  })

  test('one more message of the assistant never selects a weaker one', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 14 }), text, (prompt, content) => {
        const more: MessageParam[] = [...prompt, { role: 'assistant', content }]
        expect(rank(selectModel(more))).toBeGreaterThanOrEqual(rank(selectModel(prompt)))
      }),
    )
  })

  test('a dearer one is one of a higher rank, at any length', () => {
    for (const input_tokens of [0, 1_000, 150_000, 250_000, 900_000]) {
      const costs = ranks.map((model) => costOf(model, { input_tokens, output_tokens: 4_000 })!.nanoUsd)
      expect(costs).toEqual(costs.toSorted((a, b) => a - b))
    }
  })
})

test('nothing that is no prompt throws', () => {
  const cyclic: { type: string; content?: unknown } = { type: 'tool_result' }
  cyclic.content = [cyclic]
  for (const odd of [
    undefined,
    null,
    7,
    {},
    [null],
    [undefined, 'x'],
    [{}],
    [user(null as never)],
    [user([cyclic] as never)],
  ]) {
    expect(ranks).toContain(selectModel(odd as never))
  }
  fc.assert(
    fc.property(fc.anything(), fc.anything(), fc.option(fc.double()), (odd, content, remaining) => {
      expect(ranks).toContain(selectModel(odd as never))
      expect(ranks).toContain(
        selectModel([user(content as never), user([content] as never)], { remaining: remaining as never }),
      )
    }),
  )
})

test('a megabyte of spaces and brackets is read in linear time', () => {
  // Of the processor's time, which other programs do not take part in.
  const spent = (work: () => void) => {
    const before = process.cpuUsage()
    work()
    return process.cpuUsage(before).user / 1000
  }
  for (const piece of [' ', '{ ', ';', '<', '</', 'a-', 'step ', '\n;']) {
    const short = piece.repeat(100_000)
    const once = spent(() => selectModel(short))
    expect(spent(() => selectModel(short.repeat(8)))).toBeLessThan(8 * 10 * Math.max(once, 5))
  }
})

describe('the reason for a choice', () => {
  test('names what speaks for a stronger model, or that nothing does', () => {
    expect(chooseModel('Hi')).toEqual({ model: modelAliases.haiku, why: 'haiku as nothing speaks for a stronger one' })
    expect(chooseModel('Explain and prove it.')).toEqual({
      model: modelAliases.opus,
      why: 'opus for a word such as "explain", a word such as "prove"',
    })
  })

  test('names what would have been chosen with more money', () => {
    const { model, why } = chooseModel('Explain and prove it.', { remaining: 0.05 })
    expect(model).toBe(modelAliases.sonnet)
    expect(why).toBe(
      'sonnet for a word such as "explain", a word such as "prove"; in place of opus, which is too dear for the 0.05 dollars left',
    )
  })
})
