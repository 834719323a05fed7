import { rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  Application,
  LogLevel,
  PageEvent,
  type ProjectReflection,
  Reflection,
  ReflectionKind,
  TSConfigReader,
  type TypeDocOptions,
} from 'typedoc'
import type { PluginOptions } from 'typedoc-plugin-markdown'
import { linkByName } from './link-by-name.ts'
import { entryPoints, layers, pagesFolder, root } from './repository.ts'

const options: Partial<TypeDocOptions & PluginOptions> = {
  tsconfig: join(root, 'site/tsconfig.json'),
  plugin: ['typedoc-plugin-markdown'],
  // The types are checked elsewhere.
  skipErrorChecking: true,
  readme: 'none',
  excludePrivate: true,
  excludeInternal: true,
  excludeExternals: true,
  disableSources: true,
  sort: ['source-order'],
  groupOrder: ['Functions', 'Classes', 'Variables', 'Interfaces', '*'],
  expandParameters: true,
  validation: { notDocumented: false, invalidLink: true, invalidPath: true, rewrittenLink: true, notExported: false },
  hidePageHeader: true,
  hideBreadcrumbs: true,
  entryFileName: 'index.md',
  excludeScopesInPaths: true,
  useCodeBlocks: true,
  sanitizeComments: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  classPropertiesFormat: 'table',
  typeAliasPropertiesFormat: 'table',
  propertyMembersFormat: 'table',
  typeDeclarationFormat: 'table',
  indexFormat: 'table',
  pageTitleTemplates: { index: 'Reference', module: '{name}', member: '{name}' },
}

const entries = layers.flatMap(entryPoints)

/**
 * Writes a page for each export of each package.
 *
 * @throws Error when an export has no doc comment, or a link in one leads nowhere.
 */
export async function writeReference(): Promise<void> {
  const folder = join(pagesFolder, 'reference')
  rmSync(folder, { recursive: true, force: true })
  const app = await Application.bootstrapWithPlugins(
    {
      ...options,
      entryPoints: entries.map(({ source }) => join(root, source)),
      outputs: [{ name: 'markdown', path: folder }],
      logLevel: LogLevel.Warn,
    },
    [new TSConfigReader()],
  )
  const project = await app.convert()
  if (!project) throw new Error('TypeDoc could not read the packages; what it says stands above.')
  for (const module of project.children ?? []) module.name = `@enjamb/${nameOf(module.name)}`
  linkByName(project)
  app.validate(project)
  for (const name of undocumented(project)) app.logger.warn(`${name} has no doc comment`)
  app.renderer.on(PageEvent.END, sayWhatItIs)
  await app.generateOutputs(project)
  if (app.logger.hasWarnings() || app.logger.hasErrors())
    throw new Error('The doc comments of the packages are not whole; what is missing stands above.')
}

/** TypeDoc names an entry point after its folder. */
function nameOf(module: string): string {
  const entry = entries.find(({ source }) => source === `packages/${module}/index.ts`)
  if (!entry) throw new Error(`TypeDoc found the entry point "${module}", which no package has.`)
  return entry.name
}

/** The exports of all packages that have no doc comment. */
function undocumented(project: ProjectReflection): string[] {
  const exported = (project.children ?? []).flatMap((module) => module.children ?? [])
  return exported
    .filter((item) => !item.kindOf(ReflectionKind.Reference))
    .filter((item) => {
      const type = item.type?.type === 'reflection' ? item.type.declaration : undefined
      const signatures = [...(item.signatures ?? []), ...(type?.signatures ?? [])]
      return !item.hasComment() && !signatures.some((signature) => signature.hasComment())
    })
    .map((item) => item.getFullName())
}

/** Below the title of a page: what it is, and where one gets it. */
function sayWhatItIs(page: PageEvent) {
  const { model } = page
  const module = model instanceof Reflection && model.parent?.kindOf(ReflectionKind.Module) && model.parent.name
  const line = module ? `\n${ReflectionKind.singularString(model.kind)} of [\`${module}\`](../index.md)\n` : ''
  page.contents = `---\npageClass: reference\n---\n\n${page.contents?.replace(/^# .*\n/, (title) => title + line)}`
}
