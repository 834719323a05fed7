import { expect, it } from 'vitest'
import * as chat from './index.ts'

it('exports these names and no others', () => {
  expect(Object.keys(chat).sort()).toEqual(['createChat', 'messageText', 'toParams', 'toReply'])
})
