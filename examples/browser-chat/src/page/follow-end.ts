import { find } from './parts/element.ts'

/** Keeps the end of what is shown in sight, unless somebody has scrolled away from it: then a button leads back. */
export function followEnd(): { onShow(): void; toEnd(): void } {
  const scroller = find('scroller')
  const latest = find<HTMLButtonElement>('latest')
  let isAtEnd = true
  // The arrow keys scroll what has the focus.
  scroller.tabIndex = 0

  function toEnd(): void {
    isAtEnd = true
    latest.hidden = true
    scroller.scrollTop = scroller.scrollHeight
  }

  scroller.addEventListener('scroll', () => {
    isAtEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 60
    latest.hidden = isAtEnd
  })
  // What is opened or folded by hand moves nothing.
  latest.addEventListener('click', toEnd)
  return {
    onShow() {
      if (isAtEnd) toEnd()
    },
    toEnd,
  }
}
