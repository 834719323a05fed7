import { defineInput, type InputOf } from '../define-input.ts'

/** What the model gives to AskUserQuestion. */
export type AskUserQuestionInput = InputOf<typeof askUserQuestionDefinition.input>

/** AskUserQuestion: lets the user decide. */
export const askUserQuestionDefinition = {
  name: 'AskUserQuestion',
  description: [
    'Asks the user and waits for the answer: for what only they can decide, such as what they want or which way they prefer. What can be found out with other tools, find out.',
    'Put first the option that you would take, and say so in its label.',
  ].join('\n'),
  input: defineInput(
    {
      type: 'object',
      properties: {
        questions: {
          minItems: 1,
          maxItems: 4,
          type: 'array',
          items: {
            type: 'object',
            properties: {
              question: {
                type: 'string',
                minLength: 1,
                maxLength: 2_000,
                pattern: '\\S',
                description: 'The whole question.',
              },
              header: { type: 'string', maxLength: 100, description: 'What it is about, in a word or two.' },
              options: {
                minItems: 2,
                maxItems: 4,
                type: 'array',
                items: {
                  type: 'object',
                  properties: {
                    label: {
                      type: 'string',
                      minLength: 1,
                      maxLength: 200,
                      pattern: '\\S',
                      description: 'The answer, in a few words.',
                    },
                    description: { type: 'string', maxLength: 2_000, description: 'What choosing it means.' },
                  },
                  required: ['label'],
                },
                description:
                  'What can be chosen. An answer in other words is always possible, so there is no need for "Other".',
              },
              multiSelect: { type: 'boolean', description: 'May more than one be chosen? Default false.' },
            },
            required: ['question', 'options'],
          },
          description: 'From one to four questions.',
        },
      },
      required: ['questions'],
    },
    ({ questions }) =>
      questions.flatMap(({ options }, index) =>
        new Set(options.map(({ label }) => label)).size < options.length
          ? [{ path: ['questions', String(index), 'options'], message: 'each label can be there only once' }]
          : [],
      ),
  ),
}
