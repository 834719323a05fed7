import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAgent, createSessionHandler } from '../src/index.ts'
import { fileStore, toNodeListener } from '../src/node/index.ts'

/** A process that serves the sessions of a folder, and prints its port: `<folder> <the API's address> <port, or 0 for any>`. */
const [folder, baseURL, port] = process.argv.slice(2) as [string, string, string]
const agent = createAgent({ apiKey: 'key', baseURL, retry: { maxRetries: 0 }, store: fileStore(folder) })
const handler = createSessionHandler(agent, { authorize: () => true, retryMs: 5, keepMs: 60_000 })
const server = createServer(toNodeListener(handler))
server.listen(Number(port), '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
