import { type Script, script, type TurnSpec } from '@enjamb/testing'

const pace = { tokensPerSecond: 45, jitter: 0.3 }

const enjambment = `An **enjambment** is a sentence that runs on over the end of a line of verse, with no pause to mark it. The eye stops; the meaning does not.

## A short one

> So much of the day\\
> was spent in waiting for the\\
> rain to make up its\\
> mind.

Each break leaves something open, and the next line answers it:

1. *spent in waiting for the* – the article hangs, so you lean forward;
2. *make up its* – and only then: *mind*.

## Its opposite

| | Where the sentence ends | How it feels |
| --- | --- | --- |
| Enjambment | in the middle of a line | restless, spoken |
| End-stop | at the end of a line | settled, closed |

A streamed answer does the same: it is cut wherever the network cuts it, and still has to be read as one. There is more on [Wikipedia](https://en.wikipedia.org/wiki/Enjambment).`

const debounce = `Here is one that keeps its types, can be cancelled, and can be made to run at once:

\`\`\`ts
export interface Debounced<Args extends unknown[]> {
  (...args: Args): void
  /** Forgets the call that waits. */
  cancel(): void
  /** Makes it now, if there is one. */
  flush(): void
}

/** Calls \`run\` once nobody has called for so long, with what was given last. */
export function debounce<Args extends unknown[]>(
  run: (...args: Args) => void,
  waitMs: number,
): Debounced<Args> {
  let timer: ReturnType<typeof setTimeout> | undefined
  let latest: Args | undefined

  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    if (!latest) return
    const args = latest
    latest = undefined
    run(...args)
  }

  function debounced(...args: Args): void {
    latest = args
    clearTimeout(timer)
    timer = setTimeout(flush, waitMs)
  }

  return Object.assign(debounced, {
    flush,
    cancel() {
      clearTimeout(timer)
      latest = undefined
    },
  })
}
\`\`\`

Use it where events come faster than work is worth doing:

\`\`\`ts
const save = debounce((text: string) => localStorage.setItem('draft', text), 300)
textarea.addEventListener('input', () => save(textarea.value))
addEventListener('pagehide', () => save.flush())
\`\`\`

The last line matters: without \`flush\`, what was typed just before the page is closed would be lost.`

const note = `Lisbon is eight or nine hours behind Tokyo, by the season.

Good times, in Lisbon and in Tokyo:
- 08:00 and 17:00, the best one
- 09:00 and 18:00, a little late for Tokyo

Not after 10:00 in Lisbon.`

const others = `This is a demo: no model reads what you write, and these are the lines of a script. With a key, the same page talks to Claude; the README says how.

Try one of these:

- \`What is an enjambment?\` for Markdown that forms as it arrives,
- \`Save a note\` for a tool that asks first,
- \`Write a debounce function\` for code,
- \`Show me an error\` for one, and a second try.

Load this page again while it answers: nothing is lost.`

/** What the model says in the demo. */
export function demoTurns(): Script {
  const paced = (turn: TurnSpec): TurnSpec => ({ ...pace, delayMs: 400, ...turn })
  return script([
    {
      when: ({ text, toolResults }) => /note/i.test(text) && toolResults.length === 0,
      times: Infinity,
      reply: paced({
        thinking: 'Two clocks first. Then I look for hours that suit both, and write them down.',
        text: 'I look at both clocks.',
        toolCalls: [
          { name: 'local_time', input: { timeZone: 'Europe/Lisbon' } },
          { name: 'local_time', input: { timeZone: 'Asia/Tokyo' } },
        ],
      }),
    },
    {
      when: { tool: 'local_time' },
      times: Infinity,
      reply: paced({
        text: 'There is an hour or two that suits both. I write it down for you.',
        toolCalls: [{ name: 'save_note', input: { title: 'Lisbon and Tokyo', text: note } }],
      }),
    },
    {
      when: ({ toolResults }) => toolResults.some(({ name, isError }) => name === 'save_note' && isError),
      times: Infinity,
      reply: paced({
        text: 'Then I leave it. The short form: **08:00 in Lisbon** is 17:00 in Tokyo, for half of the year.',
      }),
    },
    {
      when: { tool: 'save_note' },
      times: Infinity,
      reply: paced({ text: 'Saved. Meet at **08:00 in Lisbon**, when it is late afternoon in Tokyo.' }),
    },
    {
      when: { text: /enjambment/i },
      times: Infinity,
      reply: paced({ thinking: 'A definition, a short example of my own, and what it is not.', text: enjambment }),
    },
    { when: { text: /debounce/i }, times: Infinity, reply: paced({ text: debounce, tokensPerSecond: 120 }) },
    { when: { text: /error/i }, reply: { error: { status: 529 }, delayMs: 600 } },
    {
      when: { text: /error/i },
      times: Infinity,
      reply: paced({ text: 'This time it went well. The question was asked once more, and stands in the chat once.' }),
    },
    { times: Infinity, reply: paced({ text: others }) },
  ])
}
