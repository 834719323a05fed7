import type { MessageParam, ToolResultBlockParam, ToolUseBlock, UserMessageParam } from '@enjamb/core'
import type { Tool } from '@enjamb/tools'
import type { TurnStatus } from '../journal/entry.ts'

/**
 * Functions that are called where something happens in a session, and may have a say in it. Each is one function, or a list
 * of them that are called in turn, each with what those before it made of it; those about tools may be for some of them only. What a
 * hook changes is in the journal as what happened. One that throws, or gives what it cannot give, ends the turn with that error.
 */
export interface Hooks {
  /** Comes before a prompt is written down. */
  prompt?: HookList<Hook<PromptSubject, PromptAnswer>> | undefined
  /** Comes before a call is made whose input fits its tool's schema, and before its permission is asked for. */
  beforeTool?: HookList<ToolHook<BeforeToolSubject, BeforeToolAnswer>> | undefined
  /** Comes when a tool has run, before the model is told. */
  afterTool?: HookList<ToolHook<AfterToolSubject, AfterToolAnswer>> | undefined
  /** Comes before each request to the model. */
  beforeTurn?: HookList<Hook<BeforeTurnSubject, ContextAnswer>> | undefined
  /** Comes when a turn of the session is about to end, in whichever way. */
  afterTurn?: HookList<Hook<AfterTurnSubject, AfterTurnAnswer>> | undefined
  /** Comes before the history is put into a summary. */
  beforeCompact?: HookList<Hook<BeforeCompactSubject, BeforeCompactAnswer>> | undefined
  /** Comes after it, with what the model starts anew from. */
  afterCompact?: HookList<Hook<AfterCompactSubject, ContextAnswer>> | undefined
  /** Comes before a sub-agent begins. */
  subagentStart?: HookList<Hook<SubagentStartSubject, SubagentStartAnswer>> | undefined
  /** Comes when it has ended, before its report is given. */
  subagentStop?: HookList<Hook<SubagentStopSubject, ContextAnswer>> | undefined
  /** Comes when a session has been opened; what it adds stands before the next prompt. */
  sessionStart?: HookList<Hook<SessionStartSubject, ContextAnswer>> | undefined
  /** Comes when a session is closed, before others may write it. What it throws, `close()` throws, and the session is closed. */
  sessionEnd?: HookList<Hook<SessionEndSubject, undefined>> | undefined
}

/** A hook, or several that are called in turn. */
export type HookList<One> = One | readonly One[]

/** A hook for some tools only: names, with `*` for any characters, and `|` between several. */
export interface MatchedHook<Run> {
  matcher: string
  run: Run
}

/** A function that is called at one place of a session; what it answers changes what happens there. */
export type Hook<Subject, Answer, Context = HookContext> = (
  subject: Subject,
  context: Context,
) => Answer | undefined | Promise<Answer | undefined>

/** A hook about calls of tools: of all, or of those that its `matcher` names. */
export type ToolHook<Subject, Answer> =
  | Hook<Subject, Answer, ToolHookContext>
  | MatchedHook<Hook<Subject, Answer, ToolHookContext>>

/** Where a hook is called. */
export interface HookContext {
  readonly sessionId: string
  /** Aborts when the turn is interrupted; then the hook is not waited for. */
  readonly signal: AbortSignal
}

export interface ToolHookContext extends HookContext {
  readonly tool: Tool
}

/** What is added to what the model reads, as a text of its own. */
export interface ContextAnswer {
  context?: string | undefined
}

/** What `prompt` is told: somebody has asked something. */
export interface PromptSubject {
  readonly id: string
  readonly content: UserMessageParam['content']
  readonly by: string | undefined
}

export interface PromptAnswer extends ContextAnswer {
  /** What is asked in its place. */
  content?: UserMessageParam['content'] | undefined
  /** It is not asked, for this reason: the turn ends as `refused`, if there is nothing else to ask. */
  refuse?: string | undefined
}

/** The call as the model wrote it, or as the hooks before made it; a copy. */
export type BeforeToolSubject = ToolUseBlock

/**
 * What a hook says to a call. `allow: true` spares it from being asked about, as a rule of `allow` does; `false` refuses it. `defer` lets it
 * wait for somebody, also where a decision was for always. Rules of `deny` and `ask` hold whatever a hook says.
 */
export interface BeforeToolAnswer {
  allow?: boolean | undefined
  /** What the model is told of a call that is refused. */
  reason?: string | undefined
  /** What the tool gets in place of what the model wrote; checked like the model's own, and held against the rules. */
  input?: unknown
  defer?: boolean | undefined
  /** For whoever is asked. */
  data?: unknown
}

/** A call that has run, with the input that it ran with. */
export interface AfterToolSubject {
  readonly id: string
  readonly name: string
  readonly input: unknown
  /** What the model is to be told. */
  readonly output: ToolResultBlockParam['content']
  readonly isError: boolean
  readonly ms: number
}

export interface AfterToolAnswer extends ContextAnswer {
  /** What the model is told in its place. */
  output?: ToolResultBlockParam['content']
  isError?: boolean | undefined
}

/** What `beforeTurn` is told before each request of a turn. */
export interface BeforeTurnSubject {
  /** Which request of the turn it is, from 1. */
  readonly request: number
  readonly messages: readonly MessageParam[]
}

/** What `afterTurn` is told: a turn has come to its end. */
export interface AfterTurnSubject {
  readonly status: TurnStatus
  /** The text of the last reply. */
  readonly text: string
  readonly messages: readonly MessageParam[]
  /** How often a hook has had this turn go on. */
  readonly goneOn: number
  /** Only a turn that is complete can go on, and ten times at most. */
  readonly mayGoOn: boolean
  /** What a turn fails with. */
  readonly error: unknown
}

/** What `afterTurn` may want. */
export interface AfterTurnAnswer {
  /** The turn goes on with this prompt, where it may. */
  prompt?: UserMessageParam['content'] | undefined
}

/** What `beforeCompact` is told: a history is about to become a summary. */
export interface BeforeCompactSubject {
  /** `auto`: the window fills; `overflow`: the API has refused the history for its length; `manual`: somebody asked for it. */
  readonly trigger: 'auto' | 'overflow' | 'manual'
  readonly messages: readonly MessageParam[]
  /** Of whoever asked for it. */
  readonly instructions: string | undefined
}

/** What `beforeCompact` may want. */
export interface BeforeCompactAnswer {
  /** What matters beside what there is. */
  instructions?: string | undefined
  /** The history stays as it is, for this reason. */
  refuse?: string | undefined
}

/** What `afterCompact` is told: the history has become a summary. */
export interface AfterCompactSubject {
  readonly trigger: BeforeCompactSubject['trigger']
  readonly summary: string
}

/** What `subagentStart` is told: a call has asked for a sub-agent. */
export interface SubagentStartSubject {
  readonly agent: string
  /** Of its own session. */
  readonly session: string
  readonly prompt: string
}

export interface SubagentStartAnswer extends ContextAnswer {
  /** It does not begin, for this reason. */
  refuse?: string | undefined
}

/** What `subagentStop` is told: a sub-agent has ended, and how. */
export interface SubagentStopSubject {
  readonly agent: string
  readonly session: string
  readonly status: TurnStatus
  readonly text: string
}

/** What `sessionStart` is told: a session is new, or is gone on with. */
export interface SessionStartSubject {
  readonly source: 'new' | 'resume'
  readonly title: string | undefined
}

/** What `sessionEnd` is told. */
export interface SessionEndSubject {
  readonly title: string | undefined
}
