import { checkOptions, RequestAbortedError, type UserMessageParam } from '@enjamb/core'
import { type HookName, hookAnswers, type ListedHook, listHooks } from './check-hooks.ts'
import type {
  AfterCompactSubject,
  AfterToolAnswer,
  AfterToolSubject,
  AfterTurnAnswer,
  AfterTurnSubject,
  BeforeCompactAnswer,
  BeforeCompactSubject,
  BeforeToolAnswer,
  BeforeToolSubject,
  BeforeTurnSubject,
  ContextAnswer,
  HookContext,
  Hooks,
  PromptAnswer,
  PromptSubject,
  SessionEndSubject,
  SessionStartSubject,
  SubagentStartAnswer,
  SubagentStartSubject,
  SubagentStopSubject,
  ToolHookContext,
} from './hooks.ts'
import { withContext } from './with-context.ts'

/** An agent's hooks, each all that it has of a name: what several of them say is made one. */
export interface HookRunner {
  /** Is there a hook of a name, for a tool where one is named? */
  has(name: HookName, tool?: string): boolean
  prompt(asked: PromptSubject, context: HookContext): Promise<{ content: UserMessageParam['content']; refuse?: string }>
  beforeTool(call: BeforeToolSubject, context: ToolHookContext): Promise<BeforeToolAnswer>
  /** The output has what was added to it. */
  afterTool(
    call: AfterToolSubject,
    context: ToolHookContext,
  ): Promise<{ output: AfterToolSubject['output']; isError: boolean }>
  afterTurn(turn: AfterTurnSubject, context: HookContext): Promise<AfterTurnAnswer>
  beforeCompact(what: BeforeCompactSubject, context: HookContext): Promise<BeforeCompactAnswer>
  subagentStart(agent: SubagentStartSubject, context: HookContext): Promise<{ contexts: string[]; refuse?: string }>
  sessionEnd(session: SessionEndSubject, context: HookContext): Promise<unknown>
  /** What they add, text by text. */
  contexts<Name extends keyof ContextSubjects>(
    name: Name,
    subject: ContextSubjects[Name],
    context: HookContext,
  ): Promise<string[]>
}

interface ContextSubjects {
  beforeTurn: BeforeTurnSubject
  afterCompact: AfterCompactSubject
  subagentStop: SubagentStopSubject
  sessionStart: SessionStartSubject
}

/** @throws {ConfigError} there is no hook of a name, it is no function, or no tool fits what it is for */
export function createHooks(hooks: Hooks = {}, tools: readonly string[] = []): HookRunner {
  const listed = listHooks(hooks, tools)

  /** Calls the hooks in turn; `next` says what the one after it gets, and `undefined` ends it. */
  async function each<Subject extends object, Answer extends object>(
    name: HookName,
    first: Subject,
    context: HookContext | ToolHookContext,
    next: (answer: Answer, subject: Subject) => Subject | undefined,
  ): Promise<void> {
    let subject: Subject | undefined = first
    for (const hook of listed.get(name)!) {
      if (!(hook.fits?.((context as ToolHookContext).tool.name) ?? true)) continue
      const answer = await untilAborted(hook, subject, context)
      if (answer === undefined || answer === null) continue
      checkOptions(`What hooks.${name} gives`, Object(answer), hookAnswers[name])
      subject = next(Object(answer), subject)
      if (!subject) return
    }
  }

  async function contexts(name: HookName, subject: object, context: HookContext): Promise<string[]> {
    const found: string[] = []
    await each<object, ContextAnswer>(name, subject, context, (answer, same) => {
      if (answer.context) found.push(answer.context)
      return same
    })
    return found
  }

  return {
    has: (name, tool) => listed.get(name)!.some(({ fits }) => !fits || !tool || fits(tool)),
    async prompt(asked, context) {
      const added: string[] = []
      let content = asked.content
      let refuse: string | undefined
      await each<PromptSubject, PromptAnswer>('prompt', asked, context, (answer, subject) => {
        refuse = answer.refuse
        if (refuse !== undefined) return undefined
        if (answer.context) added.push(answer.context)
        content = answer.content ?? subject.content
        return { ...subject, content }
      })
      return { content: withContext(content, added), ...(refuse !== undefined && { refuse }) }
    },
    async beforeTool(call, context) {
      let said: BeforeToolAnswer = {}
      await each<BeforeToolSubject, BeforeToolAnswer>(
        'beforeTool',
        structuredClone(call),
        context,
        ({ allow, reason, ...answer }, subject) => {
          // Whatever else a callback gives is not a yes.
          const denied = allow !== undefined && allow !== true
          said = { ...said, ...answer, ...(allow !== undefined && { allow: !denied, reason }) }
          if (denied) return undefined
          return answer.input === undefined ? subject : { ...subject, input: structuredClone(answer.input) }
        },
      )
      return said
    },
    async afterTool(call, context) {
      const added: string[] = []
      let { output, isError } = call
      await each<AfterToolSubject, AfterToolAnswer>('afterTool', call, context, (answer, subject) => {
        if (answer.context) added.push(answer.context)
        output = answer.output ?? subject.output
        isError = answer.isError ?? subject.isError
        return { ...subject, output, isError }
      })
      return { output: withContext(output, added), isError }
    },
    async afterTurn(turn, context) {
      const said: AfterTurnAnswer = {}
      await each<AfterTurnSubject, AfterTurnAnswer>('afterTurn', turn, context, (answer, subject) => {
        said.prompt ??= answer.prompt
        return subject
      })
      return said
    },
    async beforeCompact(what, context) {
      let { instructions } = what
      let refuse: string | undefined
      await each<BeforeCompactSubject, BeforeCompactAnswer>('beforeCompact', what, context, (answer, subject) => {
        refuse = answer.refuse
        if (refuse !== undefined) return undefined
        if (answer.instructions) instructions = [instructions, answer.instructions].filter(Boolean).join('\n\n')
        return { ...subject, instructions }
      })
      return { instructions, refuse }
    },
    async subagentStart(agent, context) {
      const added: string[] = []
      let refuse: string | undefined
      await each<SubagentStartSubject, SubagentStartAnswer>('subagentStart', agent, context, (answer, subject) => {
        refuse = answer.refuse
        if (answer.context) added.push(answer.context)
        return refuse === undefined ? subject : undefined
      })
      return { contexts: added, ...(refuse !== undefined && { refuse }) }
    },
    sessionEnd: (session, context) => each('sessionEnd', session, context, (_, same) => same),
    contexts,
  }
}

/** What a hook gives; a turn that is interrupted does not wait for it. */
async function untilAborted(
  { run }: ListedHook,
  subject: object,
  context: HookContext | ToolHookContext,
): Promise<unknown> {
  const { signal } = context
  if (signal.aborted) return run(subject, context)
  let stop = () => {}
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(new RequestAbortedError('The run was aborted.', { cause: signal.reason }))
    signal.addEventListener('abort', stop)
  })
  try {
    return await Promise.race([run(subject, context), aborted])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
