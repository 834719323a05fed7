import { join } from 'node:path'
import ts from 'typescript'
import { entryPoints, layers, root } from '../generate/repository.ts'

/** Code that stands alone, as a reader takes it. */
export interface Snippet {
  /** Where it stands, as `docs/clouds.md:12`. */
  place: string
  code: string
}

const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
const { options: strict } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, root)
// What comes of names that are the reader's own may be anything.
const options = { ...strict, noImplicitAny: false }
// What belongs to whoever reads: `client`, `messages`, `show`.
const unknownName = new Set([2304, 2552, 2582, 2593, 18004])
const missingModule = 2307
// A piece of a function may return.
const bareReturn = 1108

/**
 * What TypeScript finds wrong with snippets. What they use of the packages is imported where they do not say it themselves; what no
 * package exports is the reader's own and may be anything, and so is what comes of a package that is not installed here.
 */
export function compileSnippets(snippets: readonly Snippet[]): string[] {
  const entries = layers.flatMap(entryPoints).map(({ name, source }) => ({ name, file: join(root, source) }))
  const sources = new Map<string, string>()
  let program = compile(
    entries.map(({ file }) => file),
    sources,
  )
  const exported = new Map([['z', 'zod']])
  for (const { name, file } of entries)
    for (const { name: symbol } of exportsOf(program, file))
      if (!exported.has(symbol)) exported.set(symbol, `@enjamb/${name}`)

  const files = snippets.map((_, n) => join(root, 'examples', `snippet-${n}.ts`))
  const imports = snippets.map(({ code }) => importsFor(code, exported))
  for (const [n, { code }] of snippets.entries()) sources.set(files[n]!, `${imports[n]}export {}\n${code}`)
  program = compile(files, sources, program)
  for (const [n, { code }] of snippets.entries()) {
    const unknown = diagnostics(program, files[n]!).filter(({ code }) => unknownName.has(code))
    const own = new Set(unknown.flatMap(({ messageText }) => nameIn(messageText)))
    const declared = [...own].map((name) => `declare const ${name}: any; type ${name} = any\n`).join('')
    sources.set(files[n]!, `${imports[n]}${declared}export {}\n${code}`)
  }
  program = compile(files, sources, program)
  return snippets.flatMap(({ place }, n) =>
    diagnostics(program, files[n]!)
      .filter(
        ({ code, messageText }) =>
          code !== bareReturn && (code !== missingModule || /'@enjamb\//.test(String(messageText))),
      )
      .map(({ messageText }) => `${place}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`),
  )
}

function compile(files: string[], sources: Map<string, string>, old?: ts.Program): ts.Program {
  const host = ts.createCompilerHost(options)
  const { fileExists, readFile, getSourceFile } = host
  const known = new Map(old?.getSourceFiles().map((file) => [file.fileName, file]))
  host.fileExists = (file) => sources.has(file) || fileExists(file)
  host.readFile = (file) => sources.get(file) ?? readFile(file)
  host.getSourceFile = (file, ...more) =>
    sources.has(file) ? getSourceFile(file, ...more) : (known.get(file) ?? getSourceFile(file, ...more))
  // A snippet may use what any of the packages is tested with.
  const from = ['examples', ...layers.map((layer) => `packages/${layer}`)].map((folder) =>
    join(root, folder, 'snippet.ts'),
  )
  host.resolveModuleNameLiterals = (names, containing) =>
    names.map(({ text }) => {
      const places = sources.has(containing) ? from : [containing]
      for (const place of places) {
        const found = ts.resolveModuleName(text, place, options, host, undefined, undefined, ts.ModuleKind.ESNext)
        if (found.resolvedModule) return found
      }
      return { resolvedModule: undefined }
    })
  return ts.createProgram({ rootNames: files, options, host, ...(old && { oldProgram: old }) })
}

function exportsOf(program: ts.Program, file: string): ts.Symbol[] {
  const symbol = program.getTypeChecker().getSymbolAtLocation(program.getSourceFile(file)!)
  return symbol ? program.getTypeChecker().getExportsOfModule(symbol) : []
}

function diagnostics(program: ts.Program, file: string): readonly ts.Diagnostic[] {
  const source = program.getSourceFile(file)!
  return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
}

/** Imports of what a snippet names and neither imports nor declares. */
function importsFor(code: string, exported: Map<string, string>): string {
  const source = ts.createSourceFile('snippet.ts', code, ts.ScriptTarget.Latest, true)
  const used = new Set<string>()
  const declared = new Set<string>()
  const visit = (node: ts.Node) => {
    if (ts.isIdentifier(node)) {
      const { parent } = node
      const isName = 'name' in parent && parent.name === node
      const isProperty =
        isName &&
        (ts.isPropertyAccessExpression(parent) ||
          ts.isPropertyAssignment(parent) ||
          ts.isMethodDeclaration(parent) ||
          ts.isPropertySignature(parent))
      if (isName && !isProperty && !ts.isShorthandPropertyAssignment(parent)) declared.add(node.text)
      else if (!isProperty) used.add(node.text)
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  const wanted = [...used].filter((name) => exported.has(name) && !declared.has(name))
  return wanted.map((name) => `import { ${name} } from '${exported.get(name)}'\n`).join('')
}

function nameIn(message: string | ts.DiagnosticMessageChain): string[] {
  return /'(\w+)'/.exec(ts.flattenDiagnosticMessageText(message, ' '))?.slice(1, 2) ?? []
}
