import { stdout } from 'node:process'
import { styleText } from 'node:util'
import type { Turn } from '@enjamb/agent'
import type { Cost, Usage } from '@enjamb/core'

// Colours only where a person looks.
const paint = (style: Parameters<typeof styleText>[0], text: string) =>
  stdout.isTTY && !process.env.NO_COLOR ? styleText(style, text) : text

export const title = (text: string) => console.log(`\n${paint('bold', text)}`)
export const question = (text: string) => console.log(paint('cyan', `> ${text}`))
export const note = (text: string) => console.log(paint('gray', text))

export function formatCost(cost: Cost | undefined): string {
  return cost ? `$${cost.usd.toFixed(6)}` : 'no list price'
}

export function formatUsage({ input_tokens, output_tokens }: Usage): string {
  return `${input_tokens} tokens in, ${output_tokens} out`
}

/** Writes text as it arrives, and ends the line. */
export async function printText(chunks: AsyncIterable<string>): Promise<void> {
  for await (const text of chunks) stdout.write(text)
  stdout.write('\n')
}

/** Shows a turn as it happens: text as it arrives, and a line for each tool call and its result. */
export async function printTurn(turn: Turn): Promise<void> {
  let inLine = false
  const endLine = () => {
    if (inLine) stdout.write('\n')
    inLine = false
  }
  for await (const event of turn) {
    if (event.type === 'text') {
      stdout.write(event.text)
      inLine = true
    } else {
      endLine()
    }
    if (event.type === 'tool_call') note(`  → ${event.name} ${JSON.stringify(event.input)}`)
    if (event.type === 'tool_result') {
      const outcome = event.isError ? 'failed' : `${JSON.stringify(event.result ?? '').length} characters`
      note(`  ← ${event.name}: ${outcome}, ${Math.round(event.ms)} ms`)
    }
  }
  endLine()
}
