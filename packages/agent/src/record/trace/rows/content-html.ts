import { contentText } from '../../text/content-text.ts'
import { jsonText } from '../../text/json-text.ts'
import { lineHTML, longHTML } from '../escape-html.ts'
import type { TraceContext } from '../trace-context.ts'

interface Block {
  type?: unknown
  source?: { type?: unknown; media_type?: unknown; data?: unknown }
}

const pictureLimit = 400_000

/** A prompt's or a result's content: its text, and the pictures among it. */
export function contentHTML(content: unknown, context: TraceContext, className: string): string {
  const blocks: Block[] = Array.isArray(content) ? content : []
  const text = contentText(content)
  const pictures = blocks.map((block) => pictureHTML(block, context)).join('')
  if (!text.trim()) return `${pictures}<p class="facts">${text ? 'blank' : 'nothing'}</p>`
  return `<pre class="${className}">${longHTML(text, context.maxChars)}</pre>${pictures}`
}

/** Only what is a picture, and nothing else by its name: neither SVG nor what is no Base64 comes in. */
function pictureHTML(block: Block, context: TraceContext): string {
  const { type, source } = Object(block) as Block
  const { type: kind, media_type, data } = Object(source) as NonNullable<Block['source']>
  if (type !== 'image' || kind !== 'base64' || typeof data !== 'string') return ''
  if (!/^image\/(png|jpeg|gif|webp)$/.test(`${media_type}`) || data.length > Math.min(pictureLimit, context.pictures))
    return ''
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(data)) return ''
  context.pictures -= data.length
  return `<img alt="" loading="lazy" src="data:${media_type};base64,${data}">`
}

/** What a tool was called with: each part under its name, texts as they are. */
export function inputHTML(input: unknown, { maxChars }: TraceContext): string {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return valueHTML(input, maxChars)
  const parts = Object.entries(input)
  if (parts.length === 0) return '<p class="facts">nothing</p>'
  const shown = parts
    .slice(0, 50)
    .map(([name, value]) => `<dt>${lineHTML(name)}</dt><dd>${valueHTML(value, maxChars)}</dd>`)
  return `<dl>${shown.join('')}</dl>`
}

function valueHTML(value: unknown, max: number): string {
  return `<pre>${typeof value === 'string' ? longHTML(value, max) : longHTML(prettyJSON(value), max)}</pre>`
}

function prettyJSON(value: unknown): string {
  // Of what is large or deep the indents would be larger than what they indent.
  const { text, isWhole } = jsonText(value, 2_000)
  if (!isWhole) return jsonText(value, 100_000).text
  try {
    return JSON.stringify(value, null, 2) ?? text
  } catch {
    return text
  }
}

const telling = [
  'command',
  'file_path',
  'notebook_path',
  'pattern',
  'query',
  'url',
  'description',
  'prompt',
  'skill',
  'path',
]

/** What a call is about, on one line. */
export function inputLine(input: unknown): string {
  const parts = Object(input) as Record<string, unknown>
  const name = telling.find((key) => Object.hasOwn(parts, key) && typeof parts[key] === 'string')
  if (name) return lineHTML(`${parts[name]}`)
  const { text } = jsonText(input, 300)
  return text === '{}' ? '' : lineHTML(text)
}

export function factsHTML(facts: readonly (string | false | null | undefined)[]): string {
  const said = facts.filter((fact) => typeof fact === 'string' && fact !== '')
  return said.length ? `<p class="facts">${said.map((fact) => lineHTML(`${fact}`, 4_000)).join(' · ')}</p>` : ''
}
