import type { ContentBlock, Message, MessageParams, StopReason } from '@enjamb/core'
import type { MockModel } from '../models/mock-model.ts'
import type { NewId } from '../random/create-ids.ts'
import type { TurnSpec } from '../script/turn.ts'
import { blocksOfTurn } from './blocks-of-turn.ts'
import { cutText } from './cut-text.ts'
import { declineOf, fallbackBlock, fallbackOf, usageOfFallback } from './decline.ts'
import { signContent } from './sign-content.ts'
import { showsThinking, thinks } from './thinks.ts'
import { iterationOf, type MockUsage, type Spent, usageOfAnswer, withoutCounts } from './usage-of-answer.ts'

export interface MessageContext extends Spent {
  newId: NewId
  model: MockModel
  /** Of the API. */
  version: string
}

/** What an answer comes down to. */
interface Answer {
  content: ContentBlock[]
  /** Another model than the one asked for, where that declined. */
  model?: string
  stopReason: StopReason
  stopSequence?: string | null
  stopDetails?: Message['stop_details']
  usage: MockUsage
}

/** The whole answer that a turn describes, to this request. */
export function messageOfTurn(turn: TurnSpec, params: MessageParams, context: MessageContext): Message {
  const { newId, model } = context
  const answer = turn.refusal ? refused(turn, params, context) : answered(turn, params, context)
  const content = signContent(answer.content, params, { model: model.id, shown: showsThinking(params, model) })
  return {
    id: newId('msg'),
    type: 'message',
    role: 'assistant',
    model: answer.model ?? model.id,
    content,
    container: null,
    diagnostics: null,
    stop_reason: turn.stopReason ?? answer.stopReason,
    stop_sequence: turn.stopSequence ?? answer.stopSequence ?? null,
    stop_details: turn.stopDetails ?? answer.stopDetails ?? null,
    usage: turn.usage ? { ...answer.usage, ...turn.usage } : answer.usage,
  }
}

function answered(turn: TurnSpec, params: MessageParams, context: MessageContext): Answer {
  const all = params.max_tokens === 0 ? [] : blocksOf(turn, params, context)
  const cut = turn.stopReason ? undefined : cutText(all, params)
  const content = cut?.content ?? all
  return {
    content,
    stopReason: cut?.stopReason ?? endOf(params, content),
    stopSequence: cut?.stopSequence ?? null,
    usage: usageOf(content, context),
  }
}

/** A refusal is the whole answer, or the beginning of another model's. */
function refused(turn: TurnSpec, params: MessageParams, context: MessageContext): Answer {
  const { id } = context.model
  const all = blocksOf(turn, params, context)
  const declined = declineOf(
    turn.refusal ?? null,
    all.filter(({ type }) => type === 'thinking'),
  )
  const fallback = fallbackOf(params, id)
  if (fallback === undefined) {
    const usage = usageOfAnswer(declined.before, context)
    return { content: declined.before, stopReason: 'refusal', stopDetails: declined.details, usage }
  }
  const rest = all.filter(({ type }) => type !== 'thinking')
  return {
    content: [...declined.before, fallbackBlock(id, fallback, declined), ...rest],
    model: fallback,
    stopReason: endOf(params, rest),
    usage: usageOfFallback(id, fallback, declined, rest, context),
  }
}

function blocksOf(turn: TurnSpec, params: MessageParams, { newId, version, model }: MessageContext): ContentBlock[] {
  const blocks = blocksOfTurn(turn, thinks(params, model), newId, version)
  // Whole blocks go out as they are, unless the API would refuse them on the way back.
  const mustThink = params.thinking?.type === 'enabled' && blocks[0]?.type !== 'thinking' && calls(blocks)
  return mustThink ? [{ type: 'thinking', thinking: '' } as ContentBlock, ...blocks] : blocks
}

function endOf({ max_tokens }: MessageParams, content: ContentBlock[]): StopReason {
  if (max_tokens === 0) return 'max_tokens'
  if (content.length === 1 && isCompaction(content[0])) return 'compaction' as StopReason
  return calls(content) ? 'tool_use' : 'end_turn'
}

function calls(content: ContentBlock[]): boolean {
  return content.some(({ type }) => type === 'tool_use')
}

/** Compaction is work of its own: it is counted apart, never at the top. */
function usageOf(content: ContentBlock[], context: MessageContext): MockUsage {
  const compacted = content.filter(isCompaction)
  if (compacted.length === 0) return usageOfAnswer(content, context)
  const rest = content.filter((block) => !isCompaction(block))
  const first = iterationOf('compaction', null, usageOfAnswer(compacted, context))
  if (rest.length === 0) return { ...withoutCounts(usageOfAnswer([], context)), iterations: [first] }
  const usage = usageOfAnswer(rest, context)
  return { ...usage, iterations: [first, iterationOf('message', context.model.id, usage)] }
}

function isCompaction(block: ContentBlock | undefined): boolean {
  return (block as { type: string } | undefined)?.type === 'compaction'
}
