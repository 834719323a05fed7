import { memoryStore } from '@enjamb/agent'
import { smoke } from './smoke.mjs'

const store = memoryStore()
// An application serves nobody.
const more = { relay: undefined, handler: undefined }

globalThis.runSmoke = (url) => smoke({ url, openStore: () => store, more })
