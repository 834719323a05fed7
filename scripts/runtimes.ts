import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A runtime that is there as a package of the registry, with its program inside. */
export interface Runtime {
  name: string
  version: string
  /** The program's place in the package. */
  file: string
  args?: string[]
  /** What is installed with it. */
  beside?: string[]
}

// No dependencies of the repository: nobody who only builds it should wait for 150 MB, and the package of Node has a
// program `node`, which every script would find before the machine's own.
const { platform, arch } = process
const system = platform === 'win32' ? 'windows' : platform
const suffix = platform === 'win32' ? '.exe' : ''

export const node = (version: string): Runtime => ({
  name: `node-${platform === 'win32' ? 'win' : platform}-${arch}`,
  version,
  file: `bin/node${suffix}`,
})
export const node24: Runtime = node('24.21.0')
export const bun: Runtime = {
  name: `@oven/bun-${system}-${arch === 'arm64' ? 'aarch64' : arch}`,
  version: '1.4.5',
  file: `bin/bun${suffix}`,
}
export const deno: Runtime = {
  name: `@deno/${platform}-${arch}${platform === 'linux' ? '-glibc' : ''}`,
  version: '2.9.6',
  file: `deno${suffix}`,
  args: ['run', '--allow-all', '--quiet', '--node-modules-dir=manual'],
}
/** Cloudflare's workerd, and what starts it: a module for Node 22 or newer. */
export const miniflare: Runtime = { name: 'miniflare', version: '4.20260730.0', file: 'dist/src/index.js' }
/** A framework, whose bundles are for servers. */
export const next: Runtime = {
  name: 'next',
  version: '16.4.6',
  file: 'dist/bin/next',
  beside: ['react@19.3.1', 'react-dom@19.3.1'],
}
export const jest: Runtime = {
  name: 'jest',
  version: '30.5.2',
  file: 'bin/jest.js',
  beside: [
    'babel-jest@30.5.2',
    '@babel/core@8.1.3',
    '@babel/preset-env@8.0.7',
    'ts-jest@29.4.15',
    '@types/jest@30.0.0',
    'typescript@6.0.3',
  ],
}
/** What React Native has for a fetch. */
export const whatwgFetch: Runtime = { name: 'whatwg-fetch', version: '3.6.20', file: 'dist/fetch.umd.js' }
/** The engine that `@enjamb/agent/restate` is made for. */
export const restateServer: Runtime = {
  name: `@restatedev/restate-server-${platform}-${arch}`,
  version: '1.7.12',
  file: 'bin/restate-server',
}

const cache = fileURLToPath(new URL('../node_modules/.cache/enjamb', import.meta.url))

/** The path of a runtime's program: installed once, and in one step, for stages that run at the same time. */
export function installRuntime({ name, version, file, beside = [] }: Runtime): string {
  const folder = join(cache, `${name.replaceAll(/\W+/g, '-')}-${version}`)
  const program = join(folder, 'node_modules', name, file)
  if (existsSync(program)) return program
  mkdirSync(cache, { recursive: true })
  const unfinished = mkdtempSync(`${folder}-`)
  writeFileSync(join(unfinished, 'package.json'), JSON.stringify({ private: true }))
  const options = ['--no-save', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund']
  try {
    execFileSync('npm', ['install', ...options, `${name}@${version}`, ...beside], {
      cwd: unfinished,
      stdio: 'pipe',
      env: { ...process.env, npm_config_loglevel: 'error' },
    })
    renameSync(unfinished, folder)
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true })
    if (!existsSync(program)) throw error
  }
  return program
}
