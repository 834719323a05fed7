import { describe, expect, it } from 'vitest'
import { defineTool } from '../define/define-tool.ts'
import * as entry from './index.ts'

const { answerText: _, ...code } = entry

describe.each(Object.values(code))('the definition of $name', (definition) => {
  const { name, description, input } = definition

  it('is one that the API takes, with a word on every field', () => {
    const { definition: wire } = defineTool({ name, description, input, run: () => '' })
    const { input_schema } = wire as {
      input_schema: { type: string; properties: Record<string, { description?: string }> }
    }
    expect(input_schema.type).toBe('object')
    for (const field of Object.values(input_schema.properties)) expect(field.description).toMatch(/\.$/)
    expect(wire).toMatchObject({ name, description: expect.stringMatching(/\.$/) })
  })
})

it('names fields as users of coding agents know them', () => {
  const shapes = Object.values(code).map(({ name, input }) => [name, Object.keys(input.properties)])
  expect(Object.fromEntries(shapes)).toEqual({
    Read: ['file_path', 'offset', 'limit', 'pages'],
    Glob: ['pattern', 'path'],
    Grep: [
      'pattern',
      'path',
      'glob',
      'type',
      'output_mode',
      '-A',
      '-B',
      '-C',
      'context',
      '-n',
      '-i',
      '-o',
      'multiline',
      'head_limit',
      'offset',
    ],
    Edit: ['file_path', 'old_string', 'new_string', 'replace_all'],
    NotebookEdit: ['notebook_path', 'cell_id', 'cell_number', 'new_source', 'cell_type', 'edit_mode'],
    Write: ['file_path', 'content'],
    Bash: ['command', 'timeout', 'description', 'run_in_background'],
    TaskOutput: ['task_id', 'block', 'timeout', 'all'],
    KillShell: ['shell_id'],
    WebFetch: ['url', 'prompt', 'offset'],
    WebSearch: ['query', 'allowed_domains', 'blocked_domains'],
    Task: ['description', 'prompt', 'subagent_type', 'model', 'run_in_background'],
    Skill: ['skill', 'args'],
    TodoWrite: ['todos'],
    EnterPlanMode: [],
    ExitPlanMode: ['plan'],
    AskUserQuestion: ['questions'],
  })
})

it('is written to JSON as the schema that the API takes, and nothing else', () => {
  const { input } = code.readDefinition
  const written = JSON.parse(JSON.stringify(input))
  expect(written).toEqual(input['~standard'].jsonSchema.input({ target: 'draft-2020-12' }))
  expect(Object.keys(written)).toEqual(['type', 'properties', 'required'])
})
