import Anthropic from '@anthropic-ai/sdk'
import { type Asked, maxTokens, model, payTool } from '../asked.ts'
import { pay, settings } from './settings.ts'
import { startBullMQ } from './start-bullmq.ts'

type Message = Anthropic.MessageParam

const client = new Anthropic({ apiKey: 'key', baseURL: settings.baseURL })
const tools = [{ name: payTool.name, description: payTool.description, input_schema: { ...payTool.input } as never }]

/** Until the model calls nothing more. */
await startBullMQ(async ({ content, ...asked }: Asked) => {
  const messages: Message[] = [...(asked.messages as Message[]), { role: 'user', content }]
  for (;;) {
    const reply = await client.messages.create({ model, max_tokens: maxTokens, tools, messages })
    messages.push({ role: 'assistant', content: reply.content })
    const calls = reply.content.filter((block) => block.type === 'tool_use')
    if (calls.length === 0) return messages
    const results = await Promise.all(
      calls.map(async ({ id, input }) => ({
        type: 'tool_result' as const,
        tool_use_id: id,
        content: await pay(input as { order: string }),
      })),
    )
    messages.push({ role: 'user', content: results })
  }
})
