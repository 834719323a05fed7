import { expectTypeOf, test } from 'vitest'
import { createClient } from '../../index.ts'
import { type NodeFetch, nodeFetch } from './node-fetch.ts'
import type { NodeFetchOptions } from './node-fetch-options.ts'

test('nodeFetch makes what a client takes', () => {
  expectTypeOf(nodeFetch).parameters.toEqualTypeOf<[options?: NodeFetchOptions | undefined]>()
  expectTypeOf(nodeFetch).returns.toEqualTypeOf<NodeFetch>()
  expectTypeOf<NodeFetch>().toExtend<typeof fetch>()
  createClient({ fetch: nodeFetch({ http2: true, connections: 4, proxy: 'env', ca: undefined }) })
})

test("a fetch of one's own can be closed", () => {
  expectTypeOf<NodeFetch['close']>().toEqualTypeOf<() => Promise<void>>()
  expectTypeOf<NodeFetch['destroy']>().toEqualTypeOf<() => Promise<void>>()
  expectTypeOf<NodeFetch>().toExtend<AsyncDisposable>()
})

test('options are those that there are', () => {
  // @ts-expect-error there is no such option
  nodeFetch({ rejectUnauthorized: false })
  // @ts-expect-error a number
  nodeFetch({ connections: '2' })
})
