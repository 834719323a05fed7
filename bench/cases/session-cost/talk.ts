import { createAgent } from '@enjamb/agent'
import { fileStore } from '@enjamb/agent/node'
import { defineTool } from '@enjamb/tools'

/** Some turns of a session in a process of its own: `talk.ts <url> <folder> <id> <cache> <first> <last>`. */
const [baseURL, folder, id, cache, first, last] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
  string,
]
const what = ['a file', 'a folder', 'a commit', 'an issue', 'a build', 'a page', 'a table', 'a log']
const tools = what.map((one, n) =>
  defineTool({
    name: `look_${n}`,
    description: `Looks at ${one}, and says in a few lines what it finds there. ${'It takes care of the details. '.repeat(8)}`,
    input: { type: 'object', properties: { at: { type: 'string', description: `Where ${one} is.` } } },
    readOnly: true,
    run: () => 'There is something here, and it is as it should be. '.repeat(10),
  }),
)
// Four bytes of each token, as the mock counts: 10,000.
const system = 'You look after a repository, and you are careful. '.repeat(800)
const store = fileStore(folder)
const agent = createAgent({ apiKey: 'none', baseURL, store, tools, system, model: 'sonnet', cache: cache === 'on' })
const session = await agent.session({ id, resume: 'if-exists' })
for (let turn = Number(first); turn <= Number(last); turn++) {
  const { status } = await session.send(`Turn ${turn}: call look_${turn % what.length} {"at": "place ${turn}"}`).final()
  if (status !== 'completed') throw new Error(`Turn ${turn} ended as ${status}.`)
}
await session.close()
