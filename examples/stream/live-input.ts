import { createClient } from '@enjamb/core'
import { streamMessage, toolInput } from '@enjamb/stream'

const stream = streamMessage(createClient(), {
  model: 'claude-haiku-4-5',
  max_tokens: 4096,
  messages: [{ role: 'user', content: 'Write a poem on rain into rain.txt.' }],
  tools: [
    {
      name: 'write_file',
      description: 'Writes a file.',
      input_schema: {
        type: 'object',
        properties: { path: { type: 'string' }, text: { type: 'string' } },
        required: ['path', 'text'],
      },
    },
  ],
})
for await (const { input, done } of toolInput(stream)) {
  // Anything may still be missing.
  const { path, text = '' } = (input ?? {}) as { path?: string; text?: string }
  console.log(path, `${text.length} characters`, done ? 'in all' : 'so far')
}
