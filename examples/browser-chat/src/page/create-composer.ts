import { find } from './parts/element.ts'

export interface Composer {
  setStatus(status: 'ready' | 'busy' | 'asking'): void
  /** Puts a text in, as one that could not be sent. */
  write(text: string): void
  focus(): void
}

const placeholders = {
  ready: 'Write a message',
  busy: 'Write a message',
  asking: 'Or say what to do instead',
}

/** Where questions are written. Enter sends, Shift and Enter begins a line, Escape stops an answer. */
export function createComposer({ send, stop }: { send(text: string): void; stop(): void }): Composer {
  const form = find<HTMLFormElement>('composer')
  const prompt = find<HTMLTextAreaElement>('prompt')
  const sendButton = find<HTMLButtonElement>('send')
  const stopButton = find<HTMLButtonElement>('stop')
  let isBusy = false
  // What is typed before somebody listens would be lost.
  prompt.disabled = false
  sendButton.disabled = false

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const text = prompt.value.trim()
    if (!text || isBusy) return
    prompt.value = ''
    send(text)
  })
  prompt.addEventListener('keydown', (event) => {
    // Not the Enter that ends a word of Japanese.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    form.requestSubmit()
  })
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && isBusy) stop()
  })
  stopButton.addEventListener('click', () => {
    prompt.focus()
    stop()
  })

  return {
    setStatus(status) {
      isBusy = status === 'busy'
      sendButton.hidden = isBusy
      stopButton.hidden = !isBusy
      prompt.placeholder = placeholders[status]
    },
    write(text) {
      prompt.value ||= text
    },
    focus: () => prompt.focus(),
  }
}
