import type { MessageParam } from '../wire/index.ts'
import { costOf } from './cost-of.ts'
import { modelAliases } from './model-aliases.generated.ts'

/** What the choice of a model heeds beside the prompt. */
export interface SelectModelOptions {
  /** What may still be spent, in US dollars. Default: no limit. */
  remaining?: number | undefined
}

const simpleWork = /\b(?:analy[sz]e|compare|explain|implement|improve|plan|review|summari[sz]e|why|write)\b/i
const hardWork =
  /\b(?:architect|debug|derive|design|diagnos|optimi[sz]|proof|prove\b|refactor|security|step.by[- ]step|trade-?off)/i

/** What speaks for a stronger model, and how much. */
const signs: readonly { points: number; what: string; when(prompt: Prompt): boolean }[] = [
  { points: 1, what: 'more than 2,000 characters', when: ({ chars }) => chars > 2_000 },
  { points: 1, what: 'more than 20,000 characters', when: ({ chars }) => chars > 20_000 },
  { points: 1, what: 'more than 200,000 characters', when: ({ chars }) => chars > 200_000 },
  { points: 1, what: 'more than ten messages', when: ({ turns }) => turns > 10 },
  { points: 1, what: 'images or documents', when: ({ media }) => media > 0 },
  { points: 1, what: 'code', when: ({ asked }) => /```|[;{}]\s*$|=>|<\/\w+>/m.test(asked) },
  { points: 1, what: 'a word such as "explain"', when: ({ asked }) => simpleWork.test(asked) },
  { points: 3, what: 'a word such as "prove"', when: ({ asked }) => hardWork.test(asked) },
]

/** The points from which on a model is the right one, the strongest first. */
const levels = [
  { alias: 'opus', points: 4 },
  { alias: 'sonnet', points: 2 },
  { alias: 'haiku', points: 0 },
] as const

/** What an answer is taken to be long, in tokens, when its cost is estimated. */
const answerTokens = 4_000
/** What an image or a document is taken to be. */
const mediaTokens = 1_600

interface Prompt {
  /** All text of it. */
  chars: number
  /** Images and documents. */
  media: number
  turns: number
  /** The text of the user's last message that has one: those with tool results alone ask nothing new. */
  asked: string
}

/**
 * The model for a prompt: Haiku for what is short and simple, Opus for what is long or hard, Sonnet between them, and
 * never one dearer than the budget bears. It is a rule of thumb that reads no meaning: pass a model of your own choice
 * where you know better.
 *
 * A prompt gets a point each for more than 2,000, 20,000 and 200,000 characters, for more than ten messages, for images
 * or documents, for code in the last question, and for a word such as "explain", "compare" or "write" in it; and three
 * for one such as "prove", "design", "debug" or "refactor" (the words are English). Two points make it Sonnet, four
 * Opus. Of a model that is too dear, the next cheaper one is taken: four characters count as a token, and the answer as
 * 4,000. Haiku is taken whatever is left, since only a usage meter refuses calls.
 *
 * @returns a model's id; the same for the same prompt and budget, and with less of a budget never a dearer one
 * @example
 * const model = selectModel(messages, { remaining: 0.05 })
 */
export function selectModel(prompt: string | readonly MessageParam[], options: SelectModelOptions = {}): string {
  return chooseModel(prompt, options).model
}

/** A model, and what speaks for it. */
export interface ModelChoice {
  model: string
  /** For people and logs; its wording changes. */
  why: string
}

/** As {@link selectModel}, with the reason. */
export function chooseModel(
  prompt: string | readonly MessageParam[],
  { remaining = Number.POSITIVE_INFINITY }: SelectModelOptions = {},
): ModelChoice {
  const read = readPrompt(prompt)
  const found = signs.filter((sign) => sign.when(read))
  const points = found.reduce((sum, sign) => sum + sign.points, 0)
  const usage = { input_tokens: Math.ceil(read.chars / 4) + read.media * mediaTokens, output_tokens: answerTokens }
  const suits = levels.filter((level) => points >= level.points)
  const chosen = suits.find(({ alias }) => costOf(alias, usage)!.usd <= remaining) ?? levels.at(-1)!
  const signsSeen = found.length
    ? `for ${found.map(({ what }) => what).join(', ')}`
    : 'as nothing speaks for a stronger one'
  const best = suits[0]!
  const instead =
    chosen === best ? '' : `; in place of ${best.alias}, which is too dear for the ${remaining} dollars left`
  return { model: modelAliases[chosen.alias], why: `${chosen.alias} ${signsSeen}${instead}` }
}

function readPrompt(prompt: string | readonly MessageParam[]): Prompt {
  const messages: readonly MessageParam[] = Array.isArray(prompt)
    ? prompt
    : [{ role: 'user', content: prompt as string }]
  const read: Prompt = { chars: 0, media: 0, turns: messages.length, asked: '' }
  for (const message of messages) {
    const { role, content } = Object(message) as Partial<MessageParam>
    const text = readBlocks(content, read)
    if (role === 'user' && text) read.asked = text
  }
  return read
}

/** The text of blocks; all that is in them is counted. */
function readBlocks(content: unknown, read: Prompt, inner = false): string {
  let said = ''
  for (const block of Array.isArray(content) ? content : [content]) {
    const { type, text = block, content } = Object(block)
    if (type === 'image' || type === 'document') read.media++
    if (content && !inner) readBlocks(content, read, true)
    if (typeof text !== 'string') continue
    read.chars += text.length
    said += text
  }
  return said
}
