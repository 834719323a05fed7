import type { ContentBlockParam } from '@enjamb/core'
import { refuse } from '../openai-error.ts'
import { checkFields, type Fields, fieldsOf, listOf, textOf } from './check-fields.ts'

/** The blocks of a message's content: a text, or a list of parts in the form of either API. */
export function readContent(content: unknown, param: string): ContentBlockParam[] {
  if (typeof content === 'string') return toText(content)
  return listOf(content, param).flatMap((part, index) =>
    readPart(fieldsOf(part, `${param}[${index}]`), `${param}[${index}]`),
  )
}

function readPart(part: Fields, param: string): ContentBlockParam[] {
  switch (part.type) {
    case 'text':
    case 'input_text':
    case 'output_text':
      checkFields(part, ['type', 'text'], { annotations: [[]], logprobs: [[]] }, `${param}.`)
      return toText(textOf(part.text, `${param}.text`))
    case 'refusal':
      checkFields(part, ['type', 'refusal'], {}, `${param}.`)
      return toText(textOf(part.refusal, `${param}.refusal`))
    case 'image_url': {
      checkFields(part, ['type', 'image_url'], {}, `${param}.`)
      const image = fieldsOf(part.image_url, `${param}.image_url`)
      checkFields(image, ['url'], { detail: ['auto'] }, `${param}.image_url.`)
      return [toImage(textOf(image.url, `${param}.image_url.url`), `${param}.image_url.url`)]
    }
    case 'input_image':
      checkFields(part, ['type', 'image_url', 'file_id'], { detail: ['auto'] }, `${param}.`)
      if (part.file_id)
        return [{ type: 'image', source: { type: 'file', file_id: fileId(part.file_id, `${param}.file_id`) } }]
      return [toImage(textOf(part.image_url, `${param}.image_url`), `${param}.image_url`)]
    case 'file':
      checkFields(part, ['type', 'file'], {}, `${param}.`)
      return [readFile(fieldsOf(part.file, `${param}.file`), `${param}.file`)]
    case 'input_file': {
      const { type: _, ...file } = part
      return [readFile(file, param)]
    }
    default:
      return refuse(
        `${param}.type`,
        `must be text, an image or a file, not ${JSON.stringify(part.type)}.`,
        'unsupported_value',
      )
  }
}

/** The API refuses blank text. */
function toText(text: string): ContentBlockParam[] {
  return text.trim() ? [{ type: 'text', text }] : []
}

function dataOf(url: string): { media: string; data: string } | undefined {
  const [, media = '', data] = /^data:([^;,]*)[^,]*;base64,(.*)$/s.exec(url) ?? []
  return data === undefined ? undefined : { media, data }
}

function toImage(url: string, param: string): ContentBlockParam {
  const found = dataOf(url)
  if (found)
    return { type: 'image', source: { type: 'base64', media_type: found.media as 'image/png', data: found.data } }
  if (!/^https?:/.test(url)) refuse(param, 'must be an https URL, or a data URL of base64.', 'invalid_value')
  return { type: 'image', source: { type: 'url', url } }
}

function readFile(file: Fields, param: string): ContentBlockParam {
  checkFields(file, ['file_data', 'file_id', 'file_url', 'filename'], { detail: ['auto'] }, `${param}.`)
  const title = typeof file.filename === 'string' ? { title: file.filename } : {}
  if (file.file_id) {
    return { type: 'document', source: { type: 'file', file_id: fileId(file.file_id, `${param}.file_id`) }, ...title }
  }
  if (file.file_url)
    return { type: 'document', source: { type: 'url', url: textOf(file.file_url, `${param}.file_url`) }, ...title }
  const found = dataOf(textOf(file.file_data, `${param}.file_data`))
  const isText = found?.media.startsWith('text/')
  if (!found || !(isText || found.media === 'application/pdf')) {
    refuse(`${param}.file_data`, 'must be a data URL of a PDF or a text, in base64.', 'invalid_value')
  }
  if (!isText)
    return { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: found.data }, ...title }
  const bytes = Uint8Array.from(atob(found.data), (char) => char.charCodeAt(0))
  return {
    type: 'document',
    source: { type: 'text', media_type: 'text/plain', data: new TextDecoder().decode(bytes) },
    ...title,
  }
}

/** One of Claude's Files API: those of OpenAI are not to be had from here. */
function fileId(value: unknown, param: string): string {
  const id = textOf(value, param)
  return /^file_/.test(id)
    ? id
    : refuse(param, 'must be an id of the Files API of Claude, file_….', 'unsupported_value')
}
