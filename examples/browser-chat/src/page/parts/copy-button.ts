import { button } from './element.ts'

/** Puts a text on the clipboard, and says so. */
export function copyButton(text: () => string): HTMLButtonElement {
  const copy = button('Copy', 'quiet small', async () => {
    await navigator.clipboard.writeText(text())
    copy.textContent = 'Copied'
    setTimeout(() => {
      copy.textContent = 'Copy'
    }, 1_500)
  })
  return copy
}
