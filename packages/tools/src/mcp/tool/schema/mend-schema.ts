import { isObject, isPattern, partRules, type Schema, toBoolean, unclear, valueRules } from './keyword-values.ts'
import { indexRefs, toPointer } from './schema-refs.ts'
import { upgradeSchema } from './upgrade-schema.ts'

const maxDepth = 50

type Path = readonly string[]
type Mended = { [keyword: string]: unknown }

/** Told in words beside the schema, so that no reference can lead there. */
const unions = ['anyOf', 'oneOf', 'allOf']

/**
 * A schema that the meta-schema of JSON Schema 2020-12 takes and whose references all lead somewhere, in it: older drafts are
 * written anew, and values that have a plain meaning put right. Of the definitions it has those that are used.
 *
 * @throws {Error} a part of it has no plain meaning, or is nested without end
 * @see https://json-schema.org/draft/2020-12/schema
 */
export function mendSchema(root: Schema): Schema {
  const refs = indexRefs(root)
  const places = new Map<object, string>()
  const byPlace = new Map<string, unknown>()
  const found: { holder: Mended; target: unknown; name: string }[] = []
  const definitions = new Map<string, unknown>()

  const mend = (value: unknown, path: Path, depth: number): unknown => {
    if (depth > maxDepth) throw new Error(`${toWords(path).slice(0, 100)}… is nested too deeply`)
    // Null, and an empty list where another language knows no other empty object, say nothing.
    if (value === null || (Array.isArray(value) && !value.length)) return {}
    const truth = toBoolean(value)
    if (truth !== unclear) return truth
    if (!isObject(value)) throw new Error(`${toWords(path)} is not a schema`)
    const out: Mended = {}
    if (!unions.includes(path[0] ?? '')) {
      places.set(value, toPointer(path))
      byPlace.set(toPointer(path), out)
    }
    for (const [keyword, one] of Object.entries(upgradeSchema(value))) {
      if (keyword === '$ref') found.push({ holder: out, ...refs.resolve(one, value) })
      else put(out, keyword, mendKeyword(keyword, one, path, depth))
    }
    return tellPattern(out)
  }

  const mendKeyword = (keyword: string, value: unknown, path: Path, depth: number): unknown => {
    if (value === null && keyword !== 'const' && keyword !== 'default') return undefined
    const rule = valueRules.get(keyword)
    const mended = rule ? rule.mend(value) : undefined
    if (mended === unclear) throw new Error(`${toWords([...path, keyword])} is not ${rule?.words}`)
    if (rule) return mended
    const kind = partRules.get(keyword)
    // What a program has added for itself may refer to what is not here.
    if (!kind) return typeof value === 'object' && value && JSON.stringify(value).includes('"$') ? undefined : value
    if (kind === 'one') return mend(value, [...path, keyword], depth + 1)
    return mendParts(kind, value, [...path, keyword], depth)
  }

  const mendParts = (kind: 'list' | 'map', value: unknown, path: Path, depth: number): unknown => {
    const isEmpty = Array.isArray(value) && !value.length
    if (kind === 'list') {
      if (isEmpty && path.at(-1) !== 'anyOf' && path.at(-1) !== 'oneOf') return undefined
      if (!Array.isArray(value) || isEmpty) throw new Error(`${toWords(path)} is not a list of schemas`)
      return value.map((one, index) => mend(one, [...path, String(index)], depth + 1))
    }
    if (!isObject(value) && !isEmpty) throw new Error(`${toWords(path)} is not an object of schemas`)
    const entries = Object.entries(value as object)
    const odd = path.at(-1) === 'patternProperties' && entries.find(([pattern]) => !isPattern(pattern))
    if (odd) throw new Error(`${toWords(path)} has a pattern that is none: "${odd[0].slice(0, 100)}"`)
    return Object.fromEntries(entries.map(([key, one]) => [key, mend(one, [...path, key], depth + 1)]))
  }

  const schema = mend(root, [], 0) as Mended
  // It grows while definitions are added, which refer to others.
  for (const { holder, target, name } of found) {
    const known = typeof target === 'object' && target ? places.get(target) : undefined
    holder.$ref = known ?? define(target, name)
  }
  function define(target: unknown, name: string): string {
    const plain = name.replace(/[^\w.-]/g, '_').slice(0, 64) || 'part'
    let key = plain
    for (let number = 2; definitions.has(key); number++) key = `${plain}_${number}`
    definitions.set(key, undefined)
    const path = ['$defs', key]
    definitions.set(key, mend(target, path, 1))
    byPlace.set(toPointer(path), definitions.get(key))
    return toPointer(path)
  }
  if (definitions.size) put(schema, '$defs', Object.fromEntries(definitions))
  findLoop(schema, byPlace)
  return schema
}

function put(out: Mended, keyword: string, value: unknown): void {
  if (value === undefined) return
  // Nothing fits an empty one, which not every reader takes.
  if (keyword === 'enum' && !(value as unknown[]).length) put(out, 'not', {})
  else Object.defineProperty(out, keyword, { value, enumerable: true, configurable: true, writable: true })
}

/** A pattern in another dialect is told to the model in words: the server checks the input by it. */
function tellPattern(schema: Mended): Mended {
  const { pattern, description } = schema
  if (typeof pattern !== 'string' || isPattern(pattern)) return schema
  delete schema.pattern
  schema.description = [description, `(Pattern: ${pattern})`].filter(Boolean).join(' ')
  return schema
}

const applied = ['not', 'if', 'then', 'else']

/**
 * References that lead back to where they are without going down in the input would be followed for ever.
 *
 * @throws {Error} there are some
 */
function findLoop(root: Schema, byPlace: ReadonlyMap<string, unknown>): void {
  const done = new Set<unknown>()
  const under = new Set<unknown>()
  const visit = (schema: unknown) => {
    if (under.has(schema)) throw new Error('it refers to itself without end')
    if (!isObject(schema) || done.has(schema)) return
    under.add(schema)
    const same = [byPlace.get(String(schema.$ref)), ...applied.map((key) => schema[key])]
    const lists = [...unions.map((key) => schema[key]), schema.dependentSchemas]
    for (const part of [...same, ...lists.flatMap((list) => Object.values(Object(list)))]) visit(part)
    under.delete(schema)
    done.add(schema)
  }
  visit(root)
  for (const schema of byPlace.values()) visit(schema)
}

function toWords(path: Path): string {
  return ['input', ...path.map((one) => one.slice(0, 100))].join('.')
}
