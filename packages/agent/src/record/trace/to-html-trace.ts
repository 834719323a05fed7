import type { Entry } from '../../journal/entry.ts'
import { readRun } from '../run/read-run.ts'
import type { Run } from '../run/run.ts'
import { cleanText } from '../text/clean-text.ts'
import { timeText } from '../text/format-numbers.ts'
import { jsonText } from '../text/json-text.ts'
import { escapeHTML, lineHTML, longHTML } from './escape-html.ts'
import { tilesHTML } from './tiles-html.ts'
import { createTraceContext, type TraceContext } from './trace-context.ts'
import { traceScript, traceScriptHash } from './trace-script.ts'
import { traceStyles } from './trace-styles.ts'
import { pillHTML, turnHTML } from './turn-html.ts'

/** What stands on the page beside the session's own entries. */
export interface HTMLTraceOptions {
  /** The entries of sub-agents' sessions, by their ids: they stand below the calls that began them. */
  children?: Readonly<Record<string, readonly Entry[]>> | undefined
  /** The page's name. Default: the session's title, or its id. */
  title?: string | undefined
}

/**
 * A session as a page: turns, replies, tools and sub-agents on a line of time, with tokens, cache and cost. One file that
 * loads nothing, and needs no script to be read. All that was said in it is text: nothing in it can act on the page.
 * Long texts are cut, at 2,000 to 16,000 characters, so that also a thousand calls are a page that opens at once.
 *
 * @example
 * const { entries, children } = await readRecord(store, id)
 * await writeFile('trace.html', toHTMLTrace(entries, { children }))
 */
export function toHTMLTrace(entries: Iterable<Entry>, { children = {}, title }: HTMLTraceOptions = {}): string {
  const run = readRun(entries)
  const context = createTraceContext(run, children)
  const name = lineHTML(title ?? (run.title || run.id || 'Session'))
  const policy = `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src '${traceScriptHash}'; base-uri 'none'; form-action 'none'`
  const turns = run.turns.map((turn) => turnHTML(turn, context)).join('')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${name}</title>
<style>${traceStyles}</style>
</head>
<body>
<main>
<h1 dir="auto">${name}</h1>
${headHTML(run)}
${tilesHTML(run, context)}
<div class="tools" hidden></div>
${turns && columns}
${turns || '<p class="none">Nothing was asked in this session.</p>'}
${setupHTML(run, context)}
</main>
<script type="module">${traceScript}</script>
</body>
</html>
`
}

const columns =
  '<div class="columns"><span></span><span></span><span class="num">took</span><span class="num tok">tokens in / out</span></div>'

function headHTML({ id, params, startedAt, status, parent }: Run): string {
  return `<div class="meta">${status === 'empty' ? '' : pillHTML(status)}<span>${lineHTML(`${params.model}`)}</span><span>${timeText(startedAt)} UTC</span><span class="mono">${lineHTML(id)}</span>${parent ? `<span>from ${lineHTML(parent.id)}, entry ${Number(parent.seq)}</span>` : ''}</div>`
}

/** What was the same in every request. */
function setupHTML({ params }: Run, { maxChars }: TraceContext): string {
  const { system, tools = [], ...rest } = params
  const prompt = typeof system === 'string' ? system : (system ?? []).map(({ text }) => text).join('\n\n')
  const names = tools.map((tool) => `${(tool as { name?: unknown }).name ?? (tool as { type?: unknown }).type}`)
  const parts = [
    prompt && `<h4>System prompt</h4><pre>${longHTML(prompt, maxChars)}</pre>`,
    names.length &&
      `<h4>${names.length} tools</h4><p>${names.map((name) => `<code>${lineHTML(name)}</code>`).join(', ')}</p>`,
    `<h4>Parameters</h4><pre>${escapeHTML(cleanText(jsonText(rest, 4_000).text).text)}</pre>`,
  ]
  return `<details class="setup"><summary>What every request had</summary>${parts.filter(Boolean).join('')}</details>`
}
