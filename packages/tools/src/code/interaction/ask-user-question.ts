import { z } from 'zod'

/** What the model gives to AskUserQuestion. */
export type AskUserQuestionInput = z.infer<typeof askUserQuestionDefinition.input>

const option = z.object({
  label: z.string().trim().min(1).max(200).describe('The answer, in a few words.'),
  description: z.string().max(2_000).optional().describe('What choosing it means.'),
})

const question = z.object({
  question: z.string().trim().min(1).max(2_000).describe('The whole question.'),
  header: z.string().max(100).optional().describe('What it is about, in a word or two.'),
  options: z
    .array(option)
    .min(2)
    .max(4)
    .refine((options) => new Set(options.map(({ label }) => label)).size === options.length, {
      error: 'each label can be there only once',
    })
    .describe('What can be chosen. An answer in other words is always possible, so there is no need for "Other".'),
  multiSelect: z.boolean().optional().describe('May more than one be chosen? Default false.'),
})

/** AskUserQuestion: lets the user decide. */
export const askUserQuestionDefinition = {
  name: 'AskUserQuestion',
  description: [
    'Asks the user and waits for the answer: for what only they can decide, such as what they want or which way they prefer. What can be found out with other tools, find out.',
    'Put first the option that you would take, and say so in its label.',
  ].join('\n'),
  input: z.object({ questions: z.array(question).min(1).max(4).describe('From one to four questions.') }),
}
