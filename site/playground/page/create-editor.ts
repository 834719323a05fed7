import { indentWithTab } from '@codemirror/commands'
import { javascript } from '@codemirror/lang-javascript'
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { EditorState, Prec } from '@codemirror/state'
import { EditorView, keymap, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { minimalSetup } from 'codemirror'

export interface Editor {
  code(): string
  setCode(code: string): void
  destroy(): void
}

const colours = HighlightStyle.define([
  { tag: tags.keyword, class: 'code-keyword' },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], class: 'code-string' },
  { tag: [tags.number, tags.bool, tags.null], class: 'code-number' },
  { tag: tags.comment, class: 'code-comment' },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], class: 'code-function' },
])

/** An editor of TypeScript. Tab indents; after Escape it leaves the editor, as everywhere in CodeMirror. */
export function createEditor(parent: HTMLElement, onRun: () => void, onChange: () => void): Editor {
  const run = () => {
    onRun()
    return true
  }
  const extensions = [
    Prec.highest(keymap.of([{ key: 'Mod-Enter', run }])),
    minimalSetup,
    lineNumbers(),
    bracketMatching(),
    javascript({ typescript: true }),
    syntaxHighlighting(colours),
    keymap.of([indentWithTab]),
    EditorView.updateListener.of(({ docChanged }) => docChanged && onChange()),
    EditorView.contentAttributes.of({
      'aria-label': 'Code',
      tabindex: '0',
      spellcheck: 'false',
      autocapitalize: 'off',
    }),
  ]
  const stateOf = (doc: string) => EditorState.create({ doc, extensions })
  const view = new EditorView({ parent, state: stateOf('') })
  return {
    code: () => view.state.doc.toString(),
    setCode(code) {
      view.setState(stateOf(code))
      onChange()
    },
    destroy: () => view.destroy(),
  }
}
