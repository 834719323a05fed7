import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { workFolder } from '../../../test/work-folder.ts'
import { editNotebook, type NotebookChange } from './edit-notebook.ts'

const folder = workFolder()
const { cwd, write, call } = folder
const text = () => readFileSync(join(cwd, 'a.ipynb'), 'utf8')
const cells = () => JSON.parse(text().replace(/^\ufeff/, '')).cells
const edit = (input: object) => call('NotebookEdit', { notebook_path: 'a.ipynb', ...input })

async function known(content: string | object) {
  write('a.ipynb', typeof content === 'string' ? content : `${JSON.stringify(content, null, 1)}\n`)
  await call('Read', { file_path: 'a.ipynb' })
}

const refused = (reason: string) => ({ isError: true, text: expect.stringContaining(reason) })

const notebook = {
  cells: [
    { cell_type: 'markdown', id: 'm1', metadata: {}, source: ['# Title\n', 'text'] },
    {
      cell_type: 'code',
      execution_count: 3,
      id: 'c1',
      metadata: { tags: ['x'] },
      outputs: [{ output_type: 'stream', name: 'stdout', text: ['1\n'] }],
      source: ['print(1)'],
    },
  ],
  metadata: { kernelspec: { name: 'python3' } },
  nbformat: 4,
  nbformat_minor: 5,
}

describe('a cell', () => {
  it('is replaced, and what it had put out is cleared', async () => {
    await known(notebook)
    const { text: report } = await edit({ cell_id: 'c1', new_source: 'a = 1\nprint(a)\n' })
    expect(report).toBe('Replaced cell 2 in a.ipynb.')
    const code = { ...notebook.cells[1], execution_count: null, outputs: [], source: ['a = 1\n', 'print(a)\n'] }
    const expected = { ...notebook, cells: [notebook.cells[0], code] }
    expect(text()).toBe(`${JSON.stringify(expected, null, 1)}\n`)
  })

  it('is inserted after another, or first, with an id of its own', async () => {
    await known(notebook)
    const { text: report } = await edit({ edit_mode: 'insert', cell_number: 1, new_source: 'x' })
    const [, added] = cells()
    expect(added).toEqual({
      cell_type: 'code',
      execution_count: null,
      id: added.id,
      metadata: {},
      outputs: [],
      source: ['x'],
    })
    expect(added.id).toMatch(/^[\w-]{1,64}$/)
    expect(report).toBe(`Inserted cell 2 with the id "${added.id}" in a.ipynb.`)
    await edit({ edit_mode: 'insert', new_source: '# First\n\ntext', cell_type: 'markdown' })
    const [first, second] = cells()
    expect(first).toEqual({ cell_type: 'markdown', id: first.id, metadata: {}, source: ['# First\n', '\n', 'text'] })
    expect(second).toEqual(notebook.cells[0])
    expect(await edit({ cell_id: added.id, new_source: 'y' })).toMatchObject({ isError: false })
  })

  it('is deleted', async () => {
    await known(notebook)
    expect(await edit({ edit_mode: 'delete', cell_id: 'm1' })).toMatchObject({ text: 'Deleted cell 1 in a.ipynb.' })
    expect(text()).toBe(`${JSON.stringify({ ...notebook, cells: [notebook.cells[1]] }, null, 1)}\n`)
    await edit({ edit_mode: 'delete', cell_number: 1 })
    expect(text()).toBe(`${JSON.stringify({ ...notebook, cells: [] }, null, 1)}\n`)
    await edit({ edit_mode: 'insert', new_source: '' })
    expect(cells()).toHaveLength(1)
    expect(text().split('\n')[2]).toBe('  {')
  })

  it('becomes one of another kind', async () => {
    await known(notebook)
    await edit({ cell_id: 'c1', new_source: 'text', cell_type: 'markdown' })
    expect(cells()[1]).toEqual({ cell_type: 'markdown', id: 'c1', metadata: { tags: ['x'] }, source: ['text'] })
    await edit({ cell_id: 'c1', new_source: '1', cell_type: 'code' })
    expect(cells()[1]).toEqual({ ...notebook.cells[1], execution_count: null, outputs: [], source: ['1'] })
  })

  it('gets no id where the format has none yet', async () => {
    await known({
      cells: [{ cell_type: 'code', source: 'x', metadata: {}, outputs: [] }],
      nbformat: 4,
      nbformat_minor: 4,
    })
    await edit({ edit_mode: 'insert', cell_number: 1, new_source: 'a\nb' })
    expect(cells()[1]).toEqual({ cell_type: 'code', execution_count: null, metadata: {}, outputs: [], source: 'a\nb' })
  })
})

describe('the rest', () => {
  it('is what JSON.stringify makes of the changed notebook, with any indentation and content', async () => {
    const anyCell = fc.record({
      cell_type: fc.constantFrom('code', 'markdown'),
      source: fc.array(fc.string({ unit: 'grapheme' })),
      outputs: fc.array(fc.jsonValue()),
      execution_count: fc.nat(),
      metadata: fc.jsonValue(),
    })
    const anyNotebook = fc.record({
      metadata: fc.jsonValue(),
      cells: fc.array(anyCell),
      more: fc.jsonValue(),
      nbformat: fc.constant(4),
    })
    const spaces = fc.constantFrom(undefined, 1, 2, 4, '\t')
    const modes = fc.constantFrom<NotebookChange['mode']>('replace', 'insert', 'delete')
    await fc.assert(
      fc.asyncProperty(anyNotebook, spaces, modes, fc.nat(), fc.string(), async (given, space, mode, seed, source) => {
        const value = JSON.parse(JSON.stringify(given)) as typeof given
        const number = value.cells.length ? (seed % value.cells.length) + 1 : undefined
        if (!number && mode !== 'insert') return
        const result = await editNotebook(JSON.stringify(value, null, space), { mode, number, source })
        const expected = structuredClone(value)
        const lines = source.split(/(?<=\n)/).filter(Boolean)
        if (mode === 'delete') expected.cells.splice(number! - 1, 1)
        else if (mode === 'insert') {
          const added = { cell_type: 'code', execution_count: null, metadata: {}, outputs: [], source: lines }
          expected.cells.splice(number ?? 0, 0, added as never)
        } else {
          const cell = expected.cells[number! - 1] as Partial<(typeof expected.cells)[0]>
          cell.source = lines
          if (cell.cell_type === 'code') Object.assign(cell, { outputs: [], execution_count: null })
          else {
            delete cell.outputs
            delete cell.execution_count
          }
        }
        expect(result.json).toBe(JSON.stringify(expected, null, space))
      }),
      { numRuns: 300 },
    )
  })

  it('is kept as it is written: numbers, escapes, fields named twice, line breaks and a byte order mark', async () => {
    const odd =
      '\ufeff{\r\n "big": 12345678901234567890, "half": 1.0, "esc": "\\u00e9\\/",\r\n "cells": 7,\r\n "cells": [\r\n  {\r\n   "cell_type": "raw",\r\n   "source": "x"\r\n  },\r\n  {"__proto__": {"a": 1.50}, "cell_type": "code",  "source": []}\r\n ],\r\n "nbformat": 4\r\n}\r\n'
    await known(odd)
    expect(await edit({ cell_number: 1, new_source: 'y' })).toMatchObject({ isError: false })
    expect(text()).toBe(odd.replace('"source": "x"', '"source": "y"'))
    await edit({ edit_mode: 'delete', cell_number: 1 })
    expect(text()).toContain(' "cells": [\r\n  {"__proto__": {"a": 1.50}, "cell_type": "code",  "source": []}\r\n ],')
    await edit({ cell_number: 1, new_source: 'z' })
    expect(text()).toContain('"__proto__": {')
    expect(text()).not.toMatch(/[^\r]\n/)
  })
})

describe('what is refused', () => {
  it('is a notebook that was not read, or that has changed since', async () => {
    const fresh = { notebook_path: 'fresh.ipynb', cell_id: 'c1', new_source: 'x' }
    write('fresh.ipynb', JSON.stringify(notebook))
    expect(await edit(fresh)).toMatchObject(refused('not read it'))
    await known(notebook)
    write('a.ipynb', JSON.stringify(notebook))
    expect(await edit({ cell_id: 'c1', new_source: 'x' })).toMatchObject(refused('changed since'))
  })

  it('is a cell that is not there, or not named', async () => {
    await known({ ...notebook, cells: [...notebook.cells, notebook.cells[0]] })
    const cases: [object, string][] = [
      [{ cell_id: 'none' }, 'No cell has the id "none"'],
      [{ cell_number: 4 }, 'There is no cell 4: the notebook has 3'],
      [{}, 'Say which cell'],
      [{ edit_mode: 'delete' }, 'Say which cell'],
      [{ cell_id: 'c1', cell_number: 2 }, 'not both'],
      [{ cell_id: 'm1' }, '2 cells have the id "m1": use cell_number'],
      [{ cell_number: 0 }, 'does not fit'],
      [{ cell_id: 'c1', cell_type: 'heading' }, 'does not fit'],
      [{ cell_id: 'c1', new_source: undefined }, 'new_source is missing'],
      [{ edit_mode: 'insert', new_source: undefined }, 'new_source is missing'],
    ]
    const before = text()
    for (const [input, reason] of cases) {
      expect(await edit({ new_source: 'x', ...input }), JSON.stringify(input)).toMatchObject(refused(reason))
    }
    expect(text()).toBe(before)
  })

  it('is what is no notebook, and what lies outside', async () => {
    for (const content of ['{"cells":', 'null', '[]', '{"cells":{}}', '{"worksheets":[]}', 'text', '\n']) {
      await known(content)
      expect(await edit({ cell_number: 1, new_source: 'x' }), content).toMatchObject(refused('no notebook'))
    }
    write('a.ipynb', Uint8Array.of(0x7b, 0xff, 0x7d))
    await call('Read', { file_path: 'a.ipynb' })
    expect(await edit({ cell_number: 1, new_source: 'x' })).toMatchObject(refused('UTF-8'))
    write('a.ipynb', `{"cells":[]}${' '.repeat(20 * 2 ** 20)}`)
    await call('Read', { file_path: 'a.ipynb' })
    expect(await edit({ new_source: 'x', edit_mode: 'insert' })).toMatchObject(refused('more than the 20 MiB'))
    for (const notebook_path of ['../a.ipynb', '/etc/a.ipynb', '.', 'missing.ipynb']) {
      expect(await edit({ notebook_path, cell_number: 1, new_source: 'x' })).toMatchObject({ isError: true })
    }
  })

  it('odd cells are left as they are', async () => {
    await known({ cells: [null, 7, { cell_type: 5, source: {} }, [], 'x'], nbformat: 4 })
    expect(await edit({ cell_number: 3, new_source: 'y' })).toMatchObject({ isError: false })
    expect(cells()).toEqual([null, 7, { cell_type: 5, source: ['y'] }, [], 'x'])
    expect(await edit({ cell_number: 1, new_source: 'y', cell_type: 'raw' })).toMatchObject({ isError: false })
    expect(cells()[0]).toEqual({ cell_type: 'raw', source: ['y'] })
  })
})

it('changes nothing once it is aborted', async () => {
  await known(notebook)
  const before = text()
  const input = { notebook_path: 'a.ipynb', cell_number: 1, new_source: 'x' }
  expect(await call('NotebookEdit', input, AbortSignal.abort())).toMatchObject({ isError: true })
  expect(text()).toBe(before)
})
