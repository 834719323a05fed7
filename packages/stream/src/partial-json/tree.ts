import type { JSONValue } from '@enjamb/core'

/** The value under construction: everything is placed where it belongs as soon as it begins to exist. */
export interface Tree {
  /** The whole value; undefined before there is one. */
  readonly value: JSONValue | undefined
  /** How many arrays and objects are open. */
  readonly depth: number
  readonly inArray: boolean
  /** Makes room for the next element of an array; in an object `setKey` has done so. */
  begin(): void
  setKey(key: string): void
  /** Sets the current element or property, again if it is there already. */
  place(value: JSONValue): void
  /** Places an empty container and goes into it. */
  open(container: JSONValue[] | Record<string, JSONValue>): void
  close(): void
}

export function createTree(): Tree {
  // The value is the one element of an outermost array, so that it is placed like every other.
  const root: JSONValue[] = []
  const stack: unknown[] = [root]
  let parent = root as unknown as Record<string | number, JSONValue>
  let key: string | number = 0

  return {
    get value() {
      return root[0]
    },
    get depth() {
      return stack.length - 1
    },
    get inArray() {
      return Array.isArray(parent)
    },
    begin() {
      if (Array.isArray(parent)) key = parent.length
    },
    setKey(name) {
      key = name
    },
    place(value) {
      // Assigning to `__proto__` would set the prototype; JSON means a property of that name.
      if (key === '__proto__') {
        Object.defineProperty(parent, key, { value, configurable: true, enumerable: true, writable: true })
      } else parent[key] = value
    },
    open(container) {
      this.place(container)
      stack.push(container)
      parent = container as typeof parent
    },
    close() {
      stack.pop()
      parent = stack.at(-1) as typeof parent
    },
  }
}
