import { createAnthropic } from '@ai-sdk/anthropic'
import { DBOS } from '@dbos-inc/dbos-sdk'
import { durableCalls } from '@dbos-inc/vercel-ai'
import { generateText, jsonSchema, type ModelMessage, stepCountIs, tool, wrapLanguageModel } from 'ai'
import { type Asked, maxTokens, model as modelId, payTool } from '../asked.ts'
import { pay, settings } from './settings.ts'
import { startDBOS } from './start-dbos.ts'

const anthropic = createAnthropic({ apiKey: 'key', baseURL: `${settings.baseURL}/v1` })
const model = wrapLanguageModel({ model: anthropic(modelId), middleware: durableCalls() })
const tools = {
  [payTool.name]: tool({
    description: payTool.description,
    inputSchema: jsonSchema<{ order: string }>(payTool.input as never),
    execute: (input) => DBOS.runStep(() => pay(input), { name: 'pay' }),
  }),
}

DBOS.registerWorkflow(
  async (asked: Asked) => {
    const messages = [...(asked.messages as ModelMessage[]), { role: 'user' as const, content: asked.content }]
    const options = { stopWhen: stepCountIs(10), maxOutputTokens: maxTokens, maxRetries: 0 }
    const { response } = await generateText({ model, tools, messages, ...options })
    return [...messages, ...response.messages]
  },
  { name: 'ask' },
)
await startDBOS()
