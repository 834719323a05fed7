import { expect, it } from 'vitest'
import { callOne } from '../../../test/one-tool.ts'
import { type Answer, answerText } from '../../code/interaction/answer-text.ts'
import { askUserQuestionTool } from './ask-user-question-tool.ts'

const question = (text: string, labels = ['Yes', 'No']) => ({
  question: text,
  header: 'Go',
  options: labels.map((label) => ({ label, description: `It is ${label}` })),
})
const answering = (...answers: Answer[]) => askUserQuestionTool({ onQuestion: async () => answers })

it('puts the questions and gives back the answers', async () => {
  let asked: unknown
  const tool = askUserQuestionTool({
    onQuestion(questions) {
      asked = questions
      return ['Yes', ['A', 'B']]
    },
  })
  const questions = [question('Now?'), { ...question('Which?', ['A', 'B', 'C']), multiSelect: true }]
  expect((await callOne(tool, { questions })).text).toBe('Now?\n> Yes\n\nWhich?\n> A\n> B')
  expect(asked).toEqual(questions)
})

it('takes answers in other words, and says where there is none', async () => {
  const questions = [question('One?'), question('Two?'), question('Three?'), question('Four?')]
  expect((await callOne(answering('Neither:\nwait', undefined, []), { questions })).text).toBe(
    [
      'One?\n> Neither:\n> wait',
      'Two?\n[No answer: decide by yourself.]',
      'Three?\n[No answer: decide by yourself.]',
      'Four?\n[No answer: decide by yourself.]',
    ].join('\n\n'),
  )
})

it('lets the model decide where nobody is there', async () => {
  for (const onQuestion of [undefined, () => undefined, async () => undefined]) {
    const { text } = await callOne(askUserQuestionTool({ onQuestion }), { questions: [question('Now?')] })
    expect(text).toContain('decide by yourself')
  }
})

it('leaves the answer to whoever holds the session where it is to wait', () => {
  const tool = askUserQuestionTool({ onQuestion: 'defer' })
  expect(tool).not.toHaveProperty('run')
  expect(tool.definition).toEqual(askUserQuestionTool().definition)
  expect(answerText([question('Now?'), question('Really?')], ['Yes'])).toBe(
    'Now?\n> Yes\n\nReally?\n[No answer: decide by yourself.]',
  )
})

it('tells the model what whoever asks threw', async () => {
  const onQuestion = () => Promise.reject(new Error('the window was closed'))
  expect(await callOne(askUserQuestionTool({ onQuestion }), { questions: [question('Now?')] })).toMatchObject({
    isError: true,
    text: expect.stringMatching('the window was closed'),
  })
})

it('is not waited for once it is aborted', async () => {
  const tool = askUserQuestionTool({ onQuestion: () => new Promise<never>(() => {}) })
  expect(tool.timeoutMs).toBe(0)
  const controller = new AbortController()
  const called = callOne(tool, { questions: [question('Now?')] }, controller.signal)
  controller.abort()
  expect(await called).toMatchObject({ isError: true })
})

it.each([
  {},
  { questions: [] },
  { questions: Array(5).fill(question('Now?')) },
  { questions: [question('')] },
  { questions: [question('Now?', ['Yes'])] },
  { questions: [question('Now?', ['Yes', 'Yes'])] },
  { questions: [question('Now?', ['A', 'B', 'C', 'D', 'E'])] },
  { questions: [{ question: 'Now?' }] },
])('refuses %j', async (input) => {
  expect(await callOne(answering('Yes'), input)).toMatchObject({ isError: true })
})
