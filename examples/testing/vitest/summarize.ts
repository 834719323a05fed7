import Anthropic from '@anthropic-ai/sdk'

/** Two sentences on a text. */
export async function summarize(text: string): Promise<string> {
  const client = new Anthropic() // the key and the address come from the environment
  const message = await client.messages.create({
    model: 'claude-haiku-5-5',
    max_tokens: 500,
    system: 'Summarize in two sentences.',
    messages: [{ role: 'user', content: text }],
  })
  return message.content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('')
}
