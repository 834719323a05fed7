import { expect, test } from 'vitest'
import { defineTool } from '../define/define-tool.ts'
import { toolset } from '../toolset.ts'
import { nearestNames } from './nearest-names.ts'

test('a few names are all near', () => {
  expect(nearestNames('x', ['a', 'b'], 2)).toEqual(['a', 'b'])
})

test('the names that look most like the one that was asked for come first', () => {
  const names = Array.from({ length: 1000 }, (_, n) => `mcp__server_${n}__list_issues`)
  const nearest = (name: string) => nearestNames(name, [...names, 'Read', 'ReadMany', 'mcp__git__log'], 2)
  expect(nearest('read')).toEqual(['Read', 'ReadMany'])
  expect(nearest('git_log')[0]).toBe('mcp__git__log')
  expect(nearest('mcp__server_777_list_issues')[0]).toBe('mcp__server_777__list_issues')
})

test('a model that asks for a tool that is not there is told of the nearest, not of ten thousand', async () => {
  const tools = Array.from({ length: 10_000 }, (_, n) =>
    defineTool({ name: `${'tool_'.repeat(20)}${n}`, description: 'A tool.', input: { type: 'object' }, run: () => '' }),
  )
  const { content } = await toolset(tools).call({ type: 'tool_use', id: 'toolu_1', name: 'x'.repeat(1e6), input: {} })
  expect(String(content).slice(1e6)).toMatch(/" here; there are: (tool_[\w]+, ){20}and 9980 more\.$/)
  expect(String(content).length).toBeLessThan(1e6 + 3000)
})
