import { createAgent } from '../src/index.ts'
import { fileStore } from '../src/node/index.ts'
import { fileTools, waitTool } from './file-tools.ts'

/**
 * A process with the session `s` of a folder, whose tools work in another: it sends its prompt, and says when the tool `wait`
 * has been called, or how the turn ended.
 */
const [directory, cwd, baseURL] = process.argv.slice(2) as [string, string, string]
const tools = ({ cwd }: { cwd: string }) => fileTools(cwd, waitTool)
const agent = createAgent({ apiKey: 'key', baseURL, store: fileStore(directory), cwd, tools })
const session = await agent.session({ id: 's', resume: 'if-exists' })
const { status } = await session.send('Go.').final()
console.log(status)
await session.close()
