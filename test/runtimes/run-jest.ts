import { execFile } from 'node:child_process'
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { installRuntime, jest, type Runtime } from '../../scripts/runtimes.ts'
import { linkFolder } from './link-folder.ts'

/** The configurations of docs/commonjs-and-jest.md, in their order. */
const page = readFileSync(new URL('../../docs/commonjs-and-jest.md', import.meta.url), 'utf8')
const configurations = [...page.matchAll(/```js\n(\/\/ jest\.config\.js.+?)```/gs)].map(([, code = '']) => code)

export interface JestRun {
  title: string
  node: Runtime
  /** Whether it has to be told of ES modules. */
  modules: boolean
  /** One of {@link configurations}; default: none. */
  configuration?: number
  files: string[]
}

/** Runs tests of `programs/jest` as a new user would. @returns what Jest says of their number */
export async function runJest(project: string, { node, modules, configuration, files }: JestRun): Promise<unknown> {
  const folder = join(project, 'jest')
  const program = installRuntime(jest)
  if (!existsSync(join(folder, 'node_modules'))) {
    linkFolder(dirname(dirname(dirname(program))), join(folder, 'node_modules'))
    copyFileSync(join(folder, 'import.test.mjs'), join(folder, 'typed.test.ts'))
  }
  const code = configuration === undefined ? 'module.exports = {}' : configurations[configuration]
  writeFileSync(join(folder, 'jest.config.js'), `${code}`)
  const options = modules ? ['--experimental-vm-modules'] : []
  const args = [...options, 'node_modules/jest/bin/jest.js', '--no-cache', '--json', ...files]
  const env = { PATH: process.env.PATH, HOME: process.env.HOME }
  const done = await promisify(execFile)(installRuntime(node), args, { cwd: folder, env }).catch((error) => error)
  if (!done.stdout) throw new Error(done.stderr)
  const { numPassedTests, testResults } = JSON.parse(done.stdout)
  return [numPassedTests, ...testResults.map(({ message }: { message: string }) => message).filter(Boolean)]
}
