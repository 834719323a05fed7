import { type AskUserQuestionInput, askUserQuestionDefinition } from '../../code/interaction/ask-user-question.ts'
import { defineTool } from '../../define/define-tool.ts'
import type { Tool, ToolContext } from '../../define/tool.ts'

/** A question of the model's, with the answers that it offers. */
export type Question = AskUserQuestionInput['questions'][number]

/** The labels chosen, or an answer in other words; `undefined` where there is none. */
export type Answer = string | readonly string[] | undefined

/** Options of the AskUserQuestion tool. */
export interface QuestionOptions {
  /**
   * Asks somebody, who may take their time, and returns the answers in the order of the questions; `undefined` if
   * nobody will answer. Default: nobody is there, and the model is told to decide by itself.
   */
  onQuestion?:
    | ((
        questions: readonly Question[],
        context: ToolContext,
      ) => readonly Answer[] | undefined | Promise<readonly Answer[] | undefined>)
    | undefined
}

/** The AskUserQuestion tool: it puts questions to the user and waits for the answers. */
export function askUserQuestionTool({ onQuestion }: QuestionOptions = {}): Tool<AskUserQuestionInput> {
  return defineTool({
    ...askUserQuestionDefinition,
    // What changes something waits for the calls before it, so also for the answer.
    readOnly: true,
    idempotent: true,
    timeoutMs: 0,
    async run({ questions }, context) {
      const answers = await onQuestion?.(questions, context)
      if (!answers) return 'Nobody can answer: decide by yourself, and say in the end what you took for granted.'
      return questions.map(({ question }, index) => `${question}\n${toText(answers[index])}`).join('\n\n')
    },
  })
}

function toText(answer: Answer): string {
  const text = [answer ?? []].flat().join('\n').trim()
  return text ? text.replace(/^/gm, '> ') : '[No answer: decide by yourself.]'
}
