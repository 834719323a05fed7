import { init, parse } from 'es-module-lexer'
import { transform } from 'sucrase'
import { modules } from '../modules.ts'

/**
 * A module that a browser takes, from TypeScript whose imports are {@link modules}. Its lines are those of the snippet. A worker
 * has no import map, so that names become addresses here.
 *
 * @throws SyntaxError when it is no TypeScript, or imports something else
 */
export async function compileSnippet(code: string): Promise<string> {
  const script = stripTypes(code)
  await init
  const [imports] = parse(script)
  let compiled = ''
  let at = 0
  for (const found of imports) {
    if (found.type === 'import-meta' || found.specifier === undefined) continue
    const address = JSON.stringify(addressOf(found.specifier))
    // That of a dynamic import is an expression, with its quotes.
    compiled += script.slice(at, found.start) + (found.type === 'dynamic' ? address : address.slice(1, -1))
    at = found.end
  }
  return compiled + script.slice(at)
}

function stripTypes(code: string): string {
  try {
    return transform(code, { transforms: ['typescript'], disableESTransforms: true }).code
  } catch (error) {
    throw new SyntaxError(String((error as Error).message).replace(/^Error transforming \S+: /, ''))
  }
}

function addressOf(name: string): string {
  if (modules.includes(name)) return new URL(`modules/${name}.js`, location.href).href
  throw new SyntaxError(`There is no "${name}" here. A snippet may import ${modules.join(', ')}.`)
}
