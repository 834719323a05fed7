import { describe, expect, it } from 'vitest'
import { toResult } from './to-result.ts'

const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const image = (data: string, mimeType = 'image/png') => ({ type: 'image' as const, data, mimeType })
const text = (words: string) => ({ type: 'text' as const, text: words })

describe('what a server answered', () => {
  it.each([
    [{ content: [text('a'), text('')] }, [text('a'), text('')]],
    [{ content: [text('a')], structuredContent: { b: 1 } }, [text('a')]],
    [{ content: [], structuredContent: { b: 1 } }, [text('{"b":1}')]],
    [{ content: [] }, undefined],
    [
      { content: [{ type: 'audio' as const, data: 'AAAA', mimeType: 'audio/wav' }] },
      [text('[Not shown: audio/wav, about 3 bytes]')],
    ],
    [{ content: [image('AAAA', 'image/bmp')] }, [text('[Not shown: image/bmp, about 3 bytes]')]],
    [
      { content: [{ type: 'resource' as const, resource: { uri: 'x:1', blob: 'AAAA' } }] },
      [text('[Not shown: a file x:1, about 3 bytes]')],
    ],
    [
      { content: [{ type: 'resource' as const, resource: { uri: 'x:1', text: 'words' } }] },
      [text('[Resource x:1]\nwords')],
    ],
    [
      { content: [{ type: 'resource_link' as const, uri: 'x:1', name: 'n', description: 'why' }] },
      [text('[Resource, not read: x:1, n, why]')],
    ],
  ])('%j is shown as it can be', (result, blocks) => {
    expect(toResult(result)).toEqual(blocks)
  })

  it('has its images with the type that they are of, and in the form that the API takes', () => {
    const source = { type: 'base64', media_type: 'image/png', data: png }
    // Without padding, with line breaks, and called something else.
    const odd = `${png.slice(0, 40)}\n${png.slice(40).replace(/=+$/, '')}`
    expect(toResult({ content: [image(odd, 'image/jpeg')] })).toEqual([{ type: 'image', source }])
  })

  it('has its images that cannot be read named', () => {
    expect(toResult({ content: [image('%%%')] })).toEqual([
      text(expect.stringMatching(/^\[Not shown: image\/png: .+\]$/)),
    ])
  })

  it.each([
    [[], 'It does not say why.'],
    [[text(' \n')], 'It does not say why.'],
    [[text('No such'), text('file.')], 'No such\nfile.'],
    [[text('Look:'), image(png)], 'Look:\n[An image]'],
  ])('is thrown where it is a failure: %j', (content, words) => {
    expect(() => toResult({ content, isError: true })).toThrow(new Error(words))
  })
})
