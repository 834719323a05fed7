/** What a rule's pattern is held against: which field of a tool's input, and what that field is. */
export interface Subject {
  /** A top-level property of the input. */
  readonly field: string
  /** `command`: of a shell; `path`: of a file or folder; `domain`: a URL, by its host; `text`: as it is. */
  readonly kind: 'command' | 'path' | 'domain' | 'text'
  /** Of a tool that searches below a path: the property whose glob says what it looks for. */
  readonly glob?: string | undefined
}

/** Of the coding tools. */
export const codingSubjects: Readonly<Record<string, Subject>> = /* @__PURE__ */ Object.freeze({
  Bash: { field: 'command', kind: 'command' },
  Read: { field: 'file_path', kind: 'path' },
  Write: { field: 'file_path', kind: 'path' },
  Edit: { field: 'file_path', kind: 'path' },
  NotebookEdit: { field: 'notebook_path', kind: 'path' },
  Glob: { field: 'path', kind: 'path', glob: 'pattern' },
  Grep: { field: 'path', kind: 'path', glob: 'glob' },
  WebFetch: { field: 'url', kind: 'domain' },
  WebSearch: { field: 'query', kind: 'text' },
  Skill: { field: 'skill', kind: 'text' },
  Task: { field: 'subagent_type', kind: 'text' },
})
