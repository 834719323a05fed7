/** What `new Headers` takes. The DOM's type of this name is not there in a program that has Node's types alone. */
export type HeadersInit = Headers | [name: string, value: string][] | Record<string, string>
