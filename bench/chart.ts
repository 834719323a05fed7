import type { Report } from './report.ts'

const rowHeight = 30
const labelWidth = 570
const barWidth = 420

/** The rows of a report as horizontal bars; it reads on a light and on a dark page. */
export function chart({ title, rows }: Report): string {
  const most = Math.max(...rows.map(({ value }) => value))
  const height = rows.length * rowHeight + 50
  const bars = rows.map(({ name, value, unit, ours }, n) => {
    const y = 44 + n * rowHeight
    const width = Math.max(2, (value / most) * barWidth)
    return [
      `<text x="${labelWidth - 10}" y="${y + 15}" text-anchor="end" class="label">${escapeText(name.replaceAll('`', ''))}</text>`,
      `<rect x="${labelWidth}" y="${y}" width="${width.toFixed(1)}" height="20" rx="3" class="${ours ? 'ours' : 'other'}"/>`,
      `<text x="${labelWidth + width + 8}" y="${y + 15}" class="label">${value.toFixed(1)} ${unit}</text>`,
    ].join('')
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" width="1090" height="${height}" viewBox="0 0 1090 ${height}" role="img" aria-label="${escapeText(title)}">
<style>text{font:14px system-ui,sans-serif;fill:#1f2430}.title{font-weight:600;font-size:16px}.ours{fill:#c2410c}.other{fill:#8b94a5}@media(prefers-color-scheme:dark){text{fill:#e6e9ef}}</style>
<text x="10" y="26" class="title">${escapeText(title)}: less is better</text>
${bars.join('\n')}
</svg>
`
}

function escapeText(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}
