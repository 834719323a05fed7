import { type Answer, answerText, type Question } from '../../code/interaction/answer-text.ts'
import { type AskUserQuestionInput, askUserQuestionDefinition } from '../../code/interaction/ask-user-question.ts'
import { defineTool } from '../../define/define-tool.ts'
import type { Tool, ToolContext } from '../../define/tool.ts'

/** Options of the AskUserQuestion tool. */
export interface QuestionOptions {
  /**
   * Asks somebody, who may take their time, and returns the answers in the order of the questions; `undefined` if
   * nobody will answer. Default: nobody is there, and the model is told to decide by itself. `'defer'`: the call waits in
   * its session until somebody answers it, who may use {@link answerText}.
   */
  onQuestion?:
    | 'defer'
    | ((
        questions: readonly Question[],
        context: ToolContext,
      ) => readonly Answer[] | undefined | Promise<readonly Answer[] | undefined>)
    | undefined
}

/** The AskUserQuestion tool: it puts questions to the user and waits for the answers. */
export function askUserQuestionTool({ onQuestion }: QuestionOptions = {}): Tool<AskUserQuestionInput> {
  // What changes something waits for the calls before it, so also for the answer.
  const options = { ...askUserQuestionDefinition, readOnly: true, idempotent: true, timeoutMs: 0 }
  if (onQuestion === 'defer') return defineTool(options)
  return defineTool({
    ...options,
    async run({ questions }, context) {
      const answers = await onQuestion?.(questions, context)
      if (!answers) return 'Nobody can answer: decide by yourself, and say in the end what you took for granted.'
      return answerText(questions, answers)
    },
  })
}
