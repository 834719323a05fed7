import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import * as chat from './index.ts'

it('exports these names and no others', () => {
  expect(Object.keys(chat).sort()).toMatchInlineSnapshot(`
    [
      "batch",
      "conversation",
      "createChat",
      "fromUIMessages",
      "messageText",
      "outputFormat",
      "parse",
      "replyEvents",
      "resumeBatch",
      "streamBatch",
      "streamParse",
      "submitBatch",
      "toMessages",
      "toParams",
      "toReply",
      "toUIMessageResponse",
      "toUIMessageStream",
      "totalTokens",
      "withAuto",
      "withFallback",
    ]
  `)
})

it('says in its README what each of them is', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  expect(Object.keys(chat).filter((name) => !readme.includes(name))).toEqual([])
})
