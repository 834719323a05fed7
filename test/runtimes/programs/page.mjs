import { indexedDBStore } from '@enjamb/agent/browser'
import { smoke } from './smoke.mjs'

// In a page: `runSmoke(url)`.
globalThis.runSmoke = (url) => smoke({ url, openStore: () => indexedDBStore('smoke') })
