import { expect, it } from 'vitest'
import { openPage } from '../../../../test/browser.ts'
import { longSession } from '../../test/long-session.ts'
import { toHTMLTrace, toLog, toMarkdown, toMetadata } from './index.ts'

it('a browser tells the same of a session, and has it once more', { timeout: 60_000 }, async () => {
  const { call, close } = await openPage<typeof import('../../test/record-page.ts')>({
    entry: new URL('../../test/record-page.ts', import.meta.url),
  })
  try {
    const { entries, children } = longSession()
    expect(await call('tell')).toEqual({
      html: toHTMLTrace(entries, { children }),
      log: toLog(entries),
      markdown: toMarkdown(entries),
      metadata: toMetadata(entries),
      text: expect.stringContaining('Done: the order page asks for the last 90 days only.'),
    })
  } finally {
    await close()
  }
})
