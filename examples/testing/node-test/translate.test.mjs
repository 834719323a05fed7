import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createMockServer, script } from '@enjamb/testing'
import { translate } from './translate.mjs'

const server = await createMockServer({ script: script(['Guten Morgen!', { error: 401 }]) })
process.env.ANTHROPIC_BASE_URL = server.url
process.env.ANTHROPIC_API_KEY = 'any'
after(() => server.close())

test('translates', async () => {
  assert.equal(await translate('Good morning!'), 'Guten Morgen!')
  assert.equal(server.requests[0].body.messages[0].content, 'Good morning!')
})

test('says when the key is wrong', async () => {
  await assert.rejects(translate('Good night!'), { code: 'authentication' })
})
