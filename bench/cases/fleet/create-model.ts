import type { Turn, TurnFunction } from '@enjamb/testing'

const answerTo = (order: string) => `Order ${order} is paid.`

/** The prompt that has an order paid. */
export const promptOf = (order: string) => `Pay order ${order}!`

/** How often the history of a session says that an order is paid. */
export const timesAnswered = (order: string, history: string) => history.split(answerTo(order)).length - 1

/** A model that pays what it is asked to, and counts what it was asked: each order takes one call and one answer. */
export function createModel(delayMs: number) {
  const asked = new Map<string, number>()
  const unknown = new Set<string>()
  const reply: TurnFunction = ({ text, toolResults }) => {
    const order = text.slice('Pay order '.length, -1)
    const step = `${order} ${toolResults.length > 0 ? 'answer' : 'call'}`
    asked.set(step, (asked.get(step) ?? 0) + 1)
    if (toolResults.some(({ isError }) => isError)) unknown.add(order)
    const turn: Turn =
      toolResults.length > 0 ? { text: answerTo(order) } : { toolCalls: [{ name: 'pay', input: { order } }] }
    return { ...turn, delayMs }
  }
  return {
    reply,
    /** Answers that were paid for beyond the first to the same question. */
    paidAgain: () => [...asked.values()].reduce((sum, times) => sum + times - 1, 0),
    /** Calls of which the model was told that nobody knows whether they had their effect. */
    unknown: () => unknown.size,
  }
}
