import { followSession, type SessionEvent } from '@enjamb/agent/browser'

const form = document.querySelector('form')!
const [prompt, , stop] = form.elements as unknown as [HTMLInputElement, HTMLButtonElement, HTMLButtonElement]

// The session's id stands in the address: a page that is loaded again shows the same one, and goes on in mid-answer.
const id = location.hash.slice(1) || crypto.randomUUID()
const session = followSession(`/sessions/${id}`)
let isFollowing = false
let answer: HTMLElement | undefined

function add(kind: string, text = ''): HTMLElement {
  const element = document.createElement('p')
  element.className = kind
  element.textContent = text
  form.before(element)
  return element
}

function show(event: SessionEvent): void {
  if (event.type === 'prompt') add('prompt', String(event.content))
  if (event.type === 'text') {
    answer ??= add('answer')
    answer.textContent += event.text
  }
  if (event.type === 'reply' || event.type === 'part') {
    // The pieces were on their way to this.
    const text = event.message.content.map((block) => (block.type === 'text' ? block.text : '')).join('')
    answer ??= add('answer')
    answer.textContent = text
    answer = undefined
  }
  if (event.type === 'turn_end') add('end', event.status)
}

async function follow(): Promise<void> {
  if (isFollowing) return
  isFollowing = true
  try {
    for await (const event of session) show(event)
  } catch (error) {
    add('end', String(error))
  }
}

form.addEventListener('submit', async (event) => {
  event.preventDefault()
  const text = prompt.value
  prompt.value = ''
  await session.send(text)
  location.hash = id
  await follow()
})
stop.addEventListener('click', () => session.interrupt('the user has pressed Stop'))
if (location.hash) await follow()
