import { readFile } from 'node:fs/promises'
import Anthropic from '@anthropic-ai/sdk'
import { expect, it } from 'vitest'
import * as testing from '../src/index.ts'

it('runs the example of the README', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  const example = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? ''
  const lines: unknown[] = []
  const code = example.replace(/^import .*$/gm, '').replace('// … run your code …', 'await use(client)')
  const run = new Function(
    'Anthropic',
    'testing',
    'use',
    'console',
    `
    const { createMockServer, script } = testing
    return (async () => { ${code} })()
  `,
  )
  const hello = { model: 'claude-opus-5-5', max_tokens: 100, messages: [{ role: 'user' as const, content: 'Hi' }] }
  const use = async (client: Anthropic) => {
    const { content } = await client.messages.create(hello)
    const call = content.find((block) => block.type === 'tool_use')
    const answer = await client.messages.create({
      ...hello,
      messages: [
        ...hello.messages,
        { role: 'assistant', content },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: call?.id ?? '', content: 'hello' }] },
      ],
    })
    lines.push(answer.content.find((block) => block.type === 'text')?.text)
  }
  await run(Anthropic, testing, use, { log: (line: unknown) => lines.push(line) })
  expect(lines).toEqual(['It says: hello', 3])
})
