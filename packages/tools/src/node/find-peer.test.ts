import { expect, it } from 'vitest'
import { findPeer } from './find-peer.ts'

it('a package that is not installed is named with the line that installs it', () => {
  expect(() => findPeer('@enjamb/no-such-package', 'Colours')).toThrow(
    expect.objectContaining({
      code: 'config',
      message: 'Colours need the package @enjamb/no-such-package: npm install @enjamb/no-such-package',
    }),
  )
})
