import { type ProjectReflection, Reflection, ReflectionKind } from 'typedoc'

/** Gives the links in doc comments that TypeScript cannot follow, as nothing there imports what they name, the export of that name. */
export function linkByName(project: ProjectReflection): void {
  const exported = new Map<string, Reflection>()
  for (const module of project.children ?? [])
    for (const child of module.children ?? [])
      if (!exported.has(child.name) && !child.kindOf(ReflectionKind.Reference)) exported.set(child.name, child)
  for (const { comment } of Object.values(project.reflections)) {
    const parts = comment ? [...comment.summary, ...comment.blockTags.flatMap((tag) => tag.content)] : []
    for (const part of parts) {
      if (part.kind !== 'inline-tag' || part.tag !== '@link' || part.target instanceof Reflection) continue
      const target = typeof part.target !== 'string' && find(part.text, exported)
      if (target) part.target = target
    }
  }
}

/** What `Name` or `Name.member` is, whatever text follows it. */
function find(text: string, exported: Map<string, Reflection>): Reflection | undefined {
  const [name = '', ...members] = text.trim().split(/[ |]/)[0]!.split('.')
  const found = exported.get(name)
  return members.length > 0 ? found?.getChildByName(members) : found
}
