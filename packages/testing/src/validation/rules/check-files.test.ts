import type { MessageParams } from '@enjamb/core'
import { expect, it } from 'vitest'
import { checkFiles } from './check-files.ts'

const image = { type: 'image', source: { type: 'file', file_id: 'f' } }
const inDocument = { type: 'document', source: { type: 'content', content: [{ type: 'text', text: 'x' }, image] } }

it.each([
  ['an image', image, true],
  ['a document', { type: 'document', source: { type: 'file', file_id: 'f' } }, true],
  ['an image in a document', inDocument, true],
  ['an image in a result', { type: 'tool_result', tool_use_id: 't', content: [image] }, true],
  ['an upload to a container', { type: 'container_upload', file_id: 'f' }, true],
  ['an image that came along', { type: 'image', source: { type: 'base64', media_type: 'image/png', data: '' } }, false],
  ['a search result', { type: 'search_result', source: 'f', title: 'f', content: [] }, false],
  [
    'a file that code has made',
    {
      type: 'code_execution_tool_result',
      tool_use_id: 't',
      content: { type: 'code_execution_result', content: [{ type: 'code_execution_output', file_id: 'f' }] },
    },
    false,
  ],
])('looks for the file of %s: %#', (_, block, looks) => {
  const asked: string[] = []
  const messages = [{ role: 'user', content: [block] }] as unknown as MessageParams['messages']
  checkFiles(messages, (id) => asked.push(id) > 0)
  expect(asked).toEqual(looks ? ['f'] : [])
})
