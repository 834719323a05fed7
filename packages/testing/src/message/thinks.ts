import type { MessageParams } from '@enjamb/core'
import type { MockModel } from '../models/mock-model.ts'

/** Whether an answer begins with thinking: where it is asked for, or not turned off in a model that thinks by itself. */
export function thinks({ thinking, messages }: MessageParams, { thinking: facts }: MockModel): boolean {
  switch (thinking?.type) {
    case undefined:
      return facts.byDefault
    case 'between_tools': {
      const last = messages.at(-1)?.content
      return typeof last === 'object' && last.some(({ type }) => type === 'tool_result')
    }
    default:
      return thinking?.type !== 'disabled'
  }
}

/** Whether what it thinks is shown. */
export function showsThinking({ thinking }: MessageParams, { thinking: facts }: MockModel): boolean {
  const asked = thinking && 'display' in thinking ? thinking.display : undefined
  return (asked ?? facts.display) !== 'omitted'
}
