import { filesOf, read } from '../../generate/repository.ts'
import { modules } from '../modules.ts'

/** An example that runs in a browser. */
export interface Snippet {
  /** Its path in `examples`, without the ending. */
  name: string
  code: string
}

const folders = ['core', 'stream', 'chat', 'tools', 'agent']

/** The examples that import nothing but {@link modules}, from the lowest layer up. */
export function listSnippets(): Snippet[] {
  return folders.flatMap((folder) =>
    filesOf(`examples/${folder}`)
      .filter((file) => new RegExp(`^examples/${folder}/[^/.]+\\.ts$`).test(file))
      .map((file) => ({ name: file.slice('examples/'.length, -'.ts'.length), code: read(file) }))
      .filter(({ code }) => importsOf(code).every((name) => modules.includes(name))),
  )
}

function importsOf(code: string): string[] {
  return [...code.matchAll(/^(?:import|} from)\b.*'([^']+)'$/gm)].map(([, name]) => name!)
}
