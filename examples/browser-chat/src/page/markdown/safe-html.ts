import DOMPurify from 'dompurify'
import { Marked, type TokensList } from 'marked'

// Two locks: HTML that a model writes is shown as the text that it is, and what Markdown makes is cleaned all the same.
const marked = new Marked({
  gfm: true,
  renderer: {
    html: ({ text }) => escapeHTML(text),
    // A picture is a request to wherever the model says, with whatever it puts into the address: a link waits for a click.
    image: ({ href, text }) => linkTo(href, escapeHTML(text || 'Picture')),
    link({ href, tokens }) {
      return linkTo(href, this.parser.parseInline(tokens))
    },
    // Questions are headings of the second level, and what stands in answers is below them.
    heading({ depth, tokens }) {
      const level = Math.min(Math.max(depth + 1, 3), 6)
      return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>`
    },
    code: ({ text, lang = '' }) =>
      `<pre data-language="${escapeHTML(lang.split(/\s/)[0] ?? '')}"><code>${escapeHTML(text)}\n</code></pre>`,
  },
})

const allowed = {
  ALLOWED_TAGS:
    'p br hr h3 h4 h5 h6 strong em del code pre blockquote ul ol li table thead tbody tr th td a input'.split(' '),
  ALLOWED_ATTR: ['href', 'title', 'rel', 'target', 'align', 'start', 'type', 'checked', 'disabled', 'data-language'],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  RETURN_DOM_FRAGMENT: true as const,
}

/** Elements of Markdown that nobody has looked at. */
export function toElements(tokens: TokensList): DocumentFragment {
  return DOMPurify.sanitize(marked.parser(tokens), allowed)
}

/** Where it leads is seen before it is clicked; what is no address of a page or a mailbox leads nowhere. */
function linkTo(href: string, label: string): string {
  const url = URL.parse(href)
  if (!url || !/^(https?|mailto):$/.test(url.protocol)) return label
  const address = escapeHTML(url.href)
  const host = escapeHTML(url.host || url.pathname)
  return `<a href="${address}" title="${host}" target="_blank" rel="noopener noreferrer nofollow">${label}</a>`
}

function escapeHTML(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
