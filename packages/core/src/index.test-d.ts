import { describe, expectTypeOf, it } from 'vitest'
import {
  APIError,
  AuthenticationError,
  BillingError,
  type Client,
  ConflictError,
  ConnectionError,
  type Cost,
  costOf,
  createClient,
  type EnjambError,
  findModel,
  type HeaderOverrides,
  IdleTimeoutError,
  InvalidRequestError,
  type JSONObject,
  type Message,
  type Model,
  NotFoundError,
  type Outcome,
  type OutgoingRequest,
  PermissionDeniedError,
  parseNDJSON,
  parseUsageLimit,
  RequestAbortedError,
  RequestTimeoutError,
  RequestTooLargeError,
  resolveModel,
  StreamParseError,
  sumCosts,
  toStrictSchema,
  type Usage,
  withOptions,
} from './index.ts'

const client: Client = createClient()

describe('models and money', () => {
  it('have a cost only where there is a price', () => {
    expectTypeOf(costOf('claude-haiku-4-5', {} as Usage)).toEqualTypeOf<Cost | undefined>()
    expectTypeOf(sumCosts([undefined, {} as Cost])).toEqualTypeOf<Cost | undefined>()
  })

  it('are found by any text, and resolved to one', () => {
    expectTypeOf(findModel('haiku')).toEqualTypeOf<Model | undefined>()
    expectTypeOf(resolveModel('haiku')).toBeString()
  })
})

describe('what is read', () => {
  it('is unknown where anything may come', () => {
    expectTypeOf(parseNDJSON(new ReadableStream<Uint8Array>())).toEqualTypeOf<
      AsyncGenerator<unknown, void, undefined>
    >()
    expectTypeOf(parseUsageLimit('text')).toEqualTypeOf<{ resetsAt?: Date } | undefined>()
    expectTypeOf(toStrictSchema({ type: 'object' })).toEqualTypeOf<JSONObject>()
  })
})

describe('a derived client', () => {
  it('is a client, made with any of its options', () => {
    expectTypeOf(withOptions(client, { timeoutMs: 1 })).toEqualTypeOf<Client>()
    // @ts-expect-error there is no such option
    withOptions(client, { timeout: 1 })
  })

  it('takes headers in every form, null to remove one', () => {
    const forms: HeaderOverrides[] = [new Headers(), [['a', 'b']], { a: 'b' }, { a: null }, { a: undefined }]
    for (const headers of forms) expectTypeOf(withOptions(client, { headers })).toEqualTypeOf<Client>()
    // @ts-expect-error a header is a text
    withOptions(client, { headers: { a: 1 } })
  })

  it('asks a credential function with its reason', () => {
    withOptions(client, { apiKey: ({ refresh }) => `${expectTypeOf(refresh).toEqualTypeOf<boolean>()}` })
    // @ts-expect-error a credential is a text
    withOptions(client, { apiKey: () => 1 })
  })

  it('has middleware that hears how an attempt ended', () => {
    withOptions(client, {
      middleware: [
        (request, next) => {
          expectTypeOf(request).toEqualTypeOf<OutgoingRequest>()
          request.onOutcome((outcome) => expectTypeOf(outcome).toEqualTypeOf<Outcome>())
          return next({ ...request, url: 'https://host' })
        },
      ],
    })
  })
})

describe('errors', () => {
  it('of a status are errors of the API, and all are of this project', () => {
    const ofStatus = [
      AuthenticationError,
      BillingError,
      ConflictError,
      InvalidRequestError,
      NotFoundError,
      PermissionDeniedError,
      RequestTooLargeError,
    ]
    expectTypeOf<InstanceType<(typeof ofStatus)[number]>>().toExtend<APIError>()
    const others = [
      ConnectionError,
      IdleTimeoutError,
      RequestAbortedError,
      RequestTimeoutError,
      StreamParseError,
      APIError,
    ]
    expectTypeOf<InstanceType<(typeof others)[number]>>().toExtend<EnjambError>()
    expectTypeOf<EnjambError['partial']>().toEqualTypeOf<Message | undefined>()
  })
})
