import { useData } from 'vitepress'
import { defineComponent, h, onBeforeUnmount, onMounted, ref, shallowRef } from 'vue'
import type { Snippet } from '../build/list-snippets.ts'
import type { RunnerMessage, WireMessage } from '../messages.ts'
import { createEditor, type Editor } from './create-editor.ts'
import { createOutput } from './create-output.ts'
import { fromHash, toHash } from './hash.ts'
import { registerWorker } from './register-worker.ts'
import { startRun } from './start-run.ts'
import { toDollars, type WireRow, wireTable } from './wire-table.ts'
import './playground.css'

/** What is there where the address names nothing. */
const first = 'chat/first-chat'

/** An editor with the snippets, what they print, and what they asked the API. */
export const playground = defineComponent({
  name: 'SnippetPlayground',
  setup() {
    const { base } = useData().site.value
    const snippets = shallowRef<Snippet[]>([])
    const chosen = ref('')
    const status = ref('')
    const problem = ref<string>()
    const isReady = ref(false)
    const isRunning = ref(false)
    const isChanged = ref(false)
    const rows = ref<WireRow[]>([])
    const editorPane = ref<HTMLElement>()
    const outputPane = ref<HTMLElement>()
    let editor: Editor
    let output: ReturnType<typeof createOutput>
    let startedAt = 0
    let end = () => {}

    const original = () => snippets.value.find(({ name }) => name === chosen.value)?.code ?? ''

    function stop(why: string) {
      end()
      isRunning.value = false
      status.value = why
    }

    function choose(name: string, code?: string) {
      stop('')
      chosen.value = name
      output.clear()
      rows.value = []
      editor.setCode(code ?? original())
    }

    async function readAddress() {
      const shared = await fromHash(location.hash).catch(() => {
        status.value = 'The code in the address is not whole.'
        return { example: '', code: undefined }
      })
      const isKnown = snippets.value.some(({ name }) => name === shared.example)
      const example = isKnown ? shared.example : first
      if (example !== chosen.value || shared.code !== undefined) choose(example, shared.code)
    }

    async function writeAddress() {
      const code = isChanged.value ? editor.code() : undefined
      history.replaceState(history.state, '', await toHash({ example: chosen.value, code }))
    }

    function run() {
      if (!isReady.value) return
      end()
      output.clear()
      rows.value = []
      isRunning.value = true
      status.value = 'Running …'
      startedAt = performance.now()
      end = startRun({ base, example: chosen.value, code: editor.code(), onMessage: hear, onWire: hearWire })
      void writeAddress()
    }

    function hear(message: RunnerMessage) {
      if (message.type === 'output') {
        // A timer may go on when the module has ended.
        isRunning.value = true
        output.write(message.text, message.isError ? 'err' : 'out')
      } else if (message.type === 'error') {
        const { name, code, message: text, line } = message
        output.write(`${name}${code ? ` (${code})` : ''}: ${text}${line ? `\nat line ${line}` : ''}\n`, 'failure')
        output.flush()
        stop('Failed.')
      } else {
        output.flush()
        isRunning.value = false
        status.value = `Done in ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`
      }
    }

    function hearWire(message: WireMessage) {
      if (message.type === 'request') rows.value.push(message)
      for (const row of rows.value) if (message.type === 'cut' && row.requestId === message.requestId) row.isCut = true
    }

    async function copyLink() {
      await writeAddress()
      await navigator.clipboard.writeText(location.href).then(
        () => (status.value = 'The link is copied.'),
        () => (status.value = 'The link stands in the address bar.'),
      )
    }

    onMounted(async () => {
      editor = createEditor(editorPane.value!, run, () => (isChanged.value = editor?.code() !== original()))
      output = createOutput(outputPane.value!)
      const ready = registerWorker(base)
      snippets.value = await (await fetch(`${base}playground/snippets.json`)).json()
      await readAddress()
      addEventListener('hashchange', readAddress)
      problem.value = await ready
      isReady.value = problem.value === undefined
    })
    onBeforeUnmount(() => {
      removeEventListener('hashchange', readAddress)
      end()
      editor?.destroy()
    })

    const select = () =>
      h(
        'select',
        {
          'aria-label': 'Snippet',
          onChange: ({ target }: Event) => {
            choose((target as HTMLSelectElement).value)
            void writeAddress()
          },
        },
        snippets.value.map(({ name }) => h('option', { value: name, selected: name === chosen.value }, name)),
      )
    const button = (label: string, onClick: () => void, isEnabled = true, kind = '') =>
      h('button', { type: 'button', class: kind, disabled: !isEnabled, onClick }, label)
    const sum = () => {
      const usd = rows.value.reduce((total, row) => total + (row.usd ?? 0), 0)
      const count = rows.value.length
      return count > 0 ? `${count} ${count === 1 ? 'request' : 'requests'}, ${toDollars(usd)}.` : ''
    }

    return () =>
      h('div', { class: 'playground' }, [
        h('div', { class: 'bar' }, [
          select(),
          button('Run', run, isReady.value && !isRunning.value, 'run'),
          button('Stop', () => stop('Stopped.'), isRunning.value),
          isChanged.value && button('Undo all', () => choose(chosen.value)),
          button('Copy link', copyLink),
        ]),
        problem.value && h('p', { class: 'problem', role: 'alert' }, problem.value),
        h('div', { class: 'panes' }, [
          h('div', { class: 'pane' }, [
            h('div', { class: 'editor', ref: editorPane }),
            h('p', { class: 'hint keys' }, [
              ...[h('kbd', 'Ctrl'), '+', h('kbd', 'Enter'), ' (on a Mac ', h('kbd', 'Cmd'), ') runs it; '],
              ...[h('kbd', 'Esc'), ', then ', h('kbd', 'Tab'), ' leaves the code.'],
            ]),
          ]),
          h('div', { class: 'pane' }, [
            h('pre', { class: 'output', ref: outputPane, role: 'log', 'aria-label': 'Output', tabindex: 0 }),
            h('p', { class: 'hint', role: 'status' }, `${status.value} ${sum()}`),
            rows.value.length > 0 &&
              h('div', { class: 'wires', tabindex: 0, role: 'region', 'aria-label': 'Over the wire' }, [
                wireTable(rows.value),
              ]),
          ]),
        ]),
      ])
  },
})
