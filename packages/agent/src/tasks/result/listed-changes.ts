import type { FileAccess, FileStamp } from '@enjamb/tools'
import type { FoundChange } from '../../journal/entry.ts'
import { artifactType } from './artifact-type.ts'

/** Files without their content. */
export type FileList = ReadonlyMap<string, FileStamp> | undefined

const maxBytes = 10_000_000

/** What differs between lists of the files from before and after; nothing, where one of them is too long. */
export async function listedChanges(
  { before, after }: { before: FileList; after: FileList },
  files: FileAccess | undefined,
): Promise<FoundChange[]> {
  if (!before || !after) return []
  const found: FoundChange[] = []
  const at = new Date().toISOString()
  for (const path of new Set([...before.keys(), ...after.keys()])) {
    const [was, is] = [before.get(path), after.get(path)]
    if (was?.version === is?.version) continue
    const change = was ? (is ? 'modified' : 'deleted') : 'created'
    const content = is && is.sizeBytes <= maxBytes ? await contentOf(files, path) : undefined
    found.push({ path, change, sizeBytes: is?.sizeBytes ?? 0, type: content ? artifactType(content) : 'file', at })
  }
  return found
}

/** `undefined` where nobody can say. */
export async function contentOf(files: FileAccess | undefined, path: string): Promise<Uint8Array | null | undefined> {
  try {
    return await files?.read(path)
  } catch {
    return undefined
  }
}
