import { expect, it } from 'vitest'
import { callOne } from '../../../test/one-tool.ts'
import { type Todo, todoWriteTool } from './todo-write-tool.ts'

const todo = (content: string, status: Todo['status'] = 'pending'): Todo => ({ content, status })

it('gives each list to whoever watches, with the one before', async () => {
  const seen: unknown[] = []
  const tool = todoWriteTool({ onTodos: (todos, before) => void seen.push([todos, before]) })
  const first = [todo('Read', 'in_progress'), { ...todo('Write'), activeForm: 'Writing' }]
  const second = [todo('Read', 'completed'), todo('Write', 'in_progress'), todo('Test')]
  expect((await callOne(tool, { todos: first })).text).toContain('0 completed, 1 in progress, 1 pending')
  expect((await callOne(tool, { todos: second })).text).toContain('1 completed, 1 in progress, 1 pending')
  expect((await callOne(tool, { todos: [] })).isError).toBe(false)
  expect(seen).toEqual([
    [first, []],
    [second, first],
    [[], second],
  ])
})

it('works where nobody watches', async () => {
  expect(await callOne(todoWriteTool(), { todos: [todo('Read')] })).toMatchObject({ isError: false })
})

it('tells the model what whoever watches threw, and keeps the list from before', async () => {
  const lists: unknown[] = []
  const tool = todoWriteTool({
    async onTodos(todos, before) {
      lists.push(before)
      if (!todos.length) throw new Error('the screen is gone')
    },
  })
  await callOne(tool, { todos: [todo('Read')] })
  expect(await callOne(tool, { todos: [] })).toMatchObject({
    isError: true,
    text: expect.stringMatching('the screen is gone'),
  })
  await callOne(tool, { todos: [todo('Write')] })
  expect(lists).toEqual([[], [todo('Read')], [todo('Read')]])
})

it.each([
  {},
  { todos: 'Read' },
  { todos: [todo('')] },
  { todos: [todo('   ')] },
  { todos: [{ content: 'Read' }] },
  { todos: [{ content: 'Read', status: 'done' }] },
  { todos: Array(201).fill(todo('Read')) },
  { todos: [todo('x'.repeat(1_001))] },
])('refuses %j', async (input) => {
  let called = false
  const tool = todoWriteTool({
    onTodos() {
      called = true
    },
  })
  expect(await callOne(tool, input)).toMatchObject({ isError: true })
  expect(called).toBe(false)
})

it('refuses a second step in progress, and says so', async () => {
  const todos = [todo('Read', 'in_progress'), todo('Write', 'in_progress')]
  expect(await callOne(todoWriteTool(), { todos })).toMatchObject({
    isError: true,
    text: expect.stringMatching('todos: only one can be in_progress'),
  })
})
