import { conversation, createChat } from '@enjamb/chat'

const talk = conversation(createChat({ model: 'haiku' }), {
  save: (messages) => console.log(`${messages.length} messages to keep`), // a file, a database, localStorage
})

// As React's useSyncExternalStore(talk.subscribe, talk.getSnapshot) reads it.
const leave = talk.subscribe(() => {
  const { status, answer } = talk.getSnapshot()
  if (status === 'streaming') process.stdout.write(`\r${answer}`)
})

await talk.send('Name a river.')
await talk.edit(0, 'Name a lake.') // in its place, and what followed it is forgotten
await talk.retry()
leave()
console.log(talk.getSnapshot().messages.at(-1)?.role, talk.getSnapshot().status)
