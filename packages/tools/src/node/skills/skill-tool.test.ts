import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { callOne } from '../../../test/one-tool.ts'
import { workFolder } from '../../../test/work-folder.ts'
import { loadSkills, skillTool } from '../index.ts'

const skillText = (name: string, description = 'Does things.', body = '# How\n\nDo it.') =>
  `---\nname: ${name}\ndescription: ${description}\n---\n${body}\n`

/** A folder of skills in the making. */
function skillFolder() {
  const { top, cwd, write } = workFolder()
  const problems: string[] = []
  return {
    top,
    cwd,
    problems,
    write: (name: string, text: string | Uint8Array) => write(`${name}/SKILL.md`, text),
    load: (...more: string[]) =>
      loadSkills([cwd, ...more], { onProblem: ({ folder, reason }) => problems.push(`${folder}: ${reason}`) }),
  }
}

describe('skills', () => {
  it('are listed for the model, and loaded when one is used, as they are by then', async () => {
    const { cwd, write, load } = skillFolder()
    write('make-pdf', skillText('make-pdf', 'Makes PDF files.'))
    write('deploy', skillText('deploy', '"Deploys: use when asked to"'))
    const tool = skillTool(await load())
    const { description = '' } = tool.definition as { description?: string }
    expect(description.split('\n').slice(-2)).toEqual([
      '- deploy: Deploys: use when asked to',
      '- make-pdf: Makes PDF files.',
    ])
    expect(description).not.toContain('Do it.')
    write('make-pdf', skillText('make-pdf', 'Makes PDF files.', 'New way.'))
    expect((await callOne(tool, { skill: 'make-pdf' })).text).toBe(
      `The skill make-pdf; files that it names are in ${join(cwd, 'make-pdf')}.\n\nNew way.`,
    )
    expect((await callOne(tool, { skill: 'deploy', args: 'the test site' })).text).toMatch(/used on: the test site$/)
  })

  it('may come from several folders; the first of a name counts', async () => {
    const first = skillFolder()
    const second = skillFolder()
    first.write('a', skillText('a', 'First.'))
    second.write('a', skillText('a', 'Second.'))
    second.write('b', skillText('b'))
    const skills = await first.load(second.cwd, join(first.top, 'not-there'))
    expect(skills.map(({ name, description }) => [name, description])).toEqual([
      ['a', 'First.'],
      ['b', 'Does things.'],
    ])
    expect(first.problems).toEqual([expect.stringMatching('another skill of this name')])
  })

  it('may be written with Windows line breaks, a byte order mark, further fields and lines that go on', async () => {
    const { write, load, problems } = skillFolder()
    write('a', `\ufeff${skillText('a').replaceAll('\n', '\r\n')}`)
    write('b', '---\nname: b\ndescription: >\n  One\n  two.\nlicense: MIT\nmetadata: {x: 1}\n---')
    expect((await load()).map(({ description }) => description)).toEqual(['Does things.', 'One two.'])
    expect(problems).toEqual([])
  })

  it('that are gone, or changed into none, say so when they are used', async () => {
    const { cwd, write, load } = skillFolder()
    write('a', skillText('a'))
    write('b', skillText('b'))
    const tool = skillTool(await load())
    rmSync(join(cwd, 'a'), { recursive: true })
    write('b', 'nothing')
    for (const skill of ['a', 'b']) expect(await callOne(tool, { skill })).toMatchObject({ isError: true })
  })
})

describe('what is no skill', () => {
  it.each([
    ['has no head', 'a', '# Just text'],
    ['has a head without an end', 'a', '---\nname: a\ndescription: x\n'],
    ['is named otherwise', 'a', skillText('b')],
    ['has no name', 'a', '---\ndescription: x\n---\n'],
    ['has no description', 'a', '---\nname: a\n---\n'],
    ['has a blank description', 'a', skillText('a', '" "')],
    ['has a description that is none', 'a', skillText('a', '[1, 2]')],
    ['has a long description', 'a', skillText('a', 'x'.repeat(1_025))],
    ['has a name in capitals', 'Abc', skillText('Abc')],
    ['has a name with a space', 'a b', skillText('a b')],
    ['has a name that begins with a hyphen', '-a', skillText('"-a"')],
    ['has a long name', 'a'.repeat(65), skillText('a'.repeat(65))],
    ['has a list for a head', 'a', '---\n- name\n---\n'],
    ['has nothing for a head', 'a', '---\n---\n'],
    ['has a broken head', 'a', '---\nname: "a\ndescription: {x\n---\n'],
    ['has two names', 'a', '---\nname: a\nname: b\ndescription: x\n---\n'],
    ['names its fields through a prototype', 'a', '---\n__proto__: {name: a, description: x}\n---\n'],
    ['nests lists without end', 'a', `---\nname: a\ndescription: ${'['.repeat(4_000)}\n---\n`],
    ['nests maps without end', 'a', `---\nname: a\ndescription: ${'{'.repeat(4_000)}\n---\n`],
    ['nests keys without end', 'a', `---\nname: a\ndescription:\n  ${'? '.repeat(2_000)}\n---\n`],
    ['nests items without end', 'a', `---\nname: a\ndescription:\n  ${'- '.repeat(2_000)}\n---\n`],
    ['has a head without measure', 'a', `---\nname: a\nx: ${'y'.repeat(20_000)}\ndescription: x\n---\n`],
    ['is huge', 'a', skillText('a', 'x', 'y'.repeat(300_000))],
    [
      'refers to itself without end',
      'a',
      `---\nname: a\na0: &a0 [x, x]\n${Array.from({ length: 30 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}]`).join('\n')}\ndescription: x\n---\n`,
    ],
  ])('%s', async (_, name, text) => {
    const { write, load, problems } = skillFolder()
    write(name, text)
    write('good', skillText('good'))
    expect((await load()).map((skill) => skill.name)).toEqual(['good'])
    expect(problems).toHaveLength(1)
  })

  it('cannot be made one by a tag', async () => {
    const { write, load } = skillFolder()
    write('a', skillText('a', '!!js/function "() => 1"'))
    write('b', skillText('b', '!!binary aGVsbG8='))
    for (const { description } of await load()) expect(typeof description).toBe('string')
    expect(({} as { name?: string }).name).toBeUndefined()
  })

  it('lies outside of the folder, behind a link', async () => {
    const { top, cwd, load, problems } = skillFolder()
    mkdirSync(join(top, 'out'))
    writeFileSync(join(top, 'out', 'SKILL.md'), skillText('out'))
    symlinkSync(join(top, 'out'), join(cwd, 'out'))
    mkdirSync(join(cwd, 'file'))
    symlinkSync(join(top, 'out', 'SKILL.md'), join(cwd, 'file', 'SKILL.md'))
    mkdirSync(join(cwd, 'device'))
    symlinkSync('/dev/zero', join(cwd, 'device', 'SKILL.md'))
    mkdirSync(join(cwd, 'empty'))
    expect(await load()).toEqual([])
    expect(problems).toHaveLength(4)
  })

  it('are folders beyond two hundred, in the order of their names', async () => {
    const { cwd, load, problems } = skillFolder()
    const names = Array.from({ length: 202 }, (_, n) => `s${String(n).padStart(3, '0')}`)
    for (const name of names.toReversed()) mkdirSync(join(cwd, name))
    await load()
    expect(problems).toHaveLength(201)
    expect(problems[0]).toBe(`${cwd}: Only the first 200 folders in it are used.`)
    expect(problems.at(-1)).toContain('s199')
  })

  it('is passed over in silence where nobody listens', async () => {
    const { cwd, write } = skillFolder()
    write('a', 'nothing')
    expect(await loadSkills([cwd])).toEqual([])
  })
})

describe('the name that the model gives', () => {
  it.each(['../secret', '..', '.', '', 'a/../a', '/etc/passwd', 'a\0', '__proto__', 'constructor', 'A', 'a '])(
    '%j leads nowhere',
    async (name) => {
      const { top, write, load } = skillFolder()
      write('a', skillText('a'))
      mkdirSync(join(top, 'secret'))
      writeFileSync(join(top, 'secret', 'SKILL.md'), skillText('secret'))
      expect(await callOne(skillTool(await load()), { skill: name })).toMatchObject({ isError: true })
    },
  )
})

it('keeps a description on its line, and the list to a measure', async () => {
  const { write, load } = skillFolder()
  write('a0', skillText('a0', '"x\\n- evil: y\\u001b[31m"'))
  for (let n = 1; n < 40; n++) write(`a${n}`, skillText(`a${n}`, 'x'.repeat(1_000)))
  const { description = '' } = skillTool(await load()).definition as { description?: string }
  expect(description).toContain('- a0: x - evil: y [31m\n')
  expect(description.length).toBeLessThan(23_000)
  expect(description.match(/^- a\d+/gm)).toHaveLength(40)
})

it('the packages of this repository bring skills that are found', async () => {
  const packages = fileURLToPath(new URL('../../../../', import.meta.url))
  const names = readdirSync(packages)
  const problems: unknown[] = []
  const found = await loadSkills(
    names.map((name) => join(packages, name, 'skills')),
    { onProblem: (problem) => problems.push(problem) },
  )
  expect(found.map(({ name }) => name).sort()).toEqual(names.map((name) => `enjamb-${name}`).sort())
  expect(problems).toEqual([])
})
