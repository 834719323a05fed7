import type { AskUserQuestionInput } from './ask-user-question.ts'

/** A question of the model's, with the answers that it offers. */
export type Question = AskUserQuestionInput['questions'][number]

/** The labels chosen, or an answer in other words; `undefined` where there is none. */
export type Answer = string | readonly string[] | undefined

/**
 * What the model gets as the result of AskUserQuestion.
 *
 * @param answers in the order of the questions
 */
export function answerText(questions: readonly Question[], answers: readonly Answer[]): string {
  return questions.map(({ question }, index) => `${question}\n${toText(answers[index])}`).join('\n\n')
}

function toText(answer: Answer): string {
  const text = [answer ?? []].flat().join('\n').trim()
  return text ? text.replace(/^/gm, '> ') : '[No answer: decide by yourself.]'
}
