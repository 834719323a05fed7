/** One request to the API, of which a cloud makes its own. */
export interface CloudRequest {
  /** What the client has before `/v1/`. */
  readonly base: string
  /** From `/v1/` on, without its query. */
  readonly path: string
  /** Its changes count. */
  readonly headers: Headers
  /** JSON, or nothing. */
  readonly body: string
}

/** What to send instead. */
export interface CloudTarget {
  readonly url: string
  /** Default: the request's own. */
  readonly body?: string
}

/** What a cloud has of the API, and how it is said there. */
export interface Cloud {
  /** As errors call it. */
  readonly name: string
  /** The paths that it has something of, from `/v1/` on. */
  readonly serves: RegExp
  /** The header that a request's id stands in where there is no `request-id`. */
  readonly requestId?: string
  /** Default: the API's own request. */
  toTarget?(request: CloudRequest): CloudTarget | Promise<CloudTarget>
  /** The API's status for an error of the cloud's. Default: the same. */
  statusOf?(status: number, name: string, message: string): number
  /** The API's answer for a good one of the cloud's. Default: the same. */
  toAnswer?(response: Response, request: CloudRequest): Response | Promise<Response>
}
