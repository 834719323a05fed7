import { publishedPackages } from './workspaces.mjs'

/**
 * What takes longer than `npm test` may, or needs a program that only it installs. Each suite is run by
 * `npm run test:long -- <name>`, all of them by `npm run test:long`, and by `.ci/run` where its inputs are not those that it
 * has passed on: the sources of the packages, the lock file, and what stands here.
 *
 * `tests` are filters of vitest. A file named `*.long.test.ts` is run by its suite alone; any other is one of the unit tests,
 * run here with other `variables`, where the environment does not have them. `inputs` are further files and folders. `node24` runs it on the Node 24 of the registry.
 * `program` is installed for it, and `PROGRAM` says where, or `PROGRAM_MISSING` why it is not there; `offline` runs it without a
 * network, where the machine can do that.
 */
export const suites = {
  // Tries more by chance, or more often.
  random: {
    tests: [
      'packages/agent/test/killed.test.ts',
      'packages/agent/src/session/fold-equals-loop.test.ts',
      'packages/agent/src/session/interleavings.test.ts',
      'packages/agent/src/session/same-beginning.test.ts',
      'packages/agent/src/record/replay/random-sessions.test.ts',
      'packages/agent/src/tasks/caps.test.ts',
    ],
    variables: { KILLS: 300, RUNS: 1_000, CAP_RUNS: 2_000 },
  },
  // The Claude Code program itself, with a server of ours in place of the API.
  claude: {
    tests: ['packages/agent/test/claude/claude.long.test.ts'],
    program: '@anthropic-ai/claude-code@2.1.329',
    offline: true,
  },
  // Interfaces of React, Solid and Svelte in a browser.
  interfaces: { tests: ['packages/chat/test/ui/ui.long.test.ts'], inputs: ['packages/chat/test', 'test/browser.ts'] },
  // Sessions of many workers, which are killed, and so is the engine between them; `npm run test:fleet` has more of all of it,
  // here and in the next suite, and says what it has measured: for a machine that has nothing else to do.
  fleet: {
    tests: ['packages/agent/test/fleet', 'examples/fleet', 'examples/fleet-recipes'],
    inputs: ['scripts/fleet', 'scripts/runtimes.ts', 'test/start-postgres.ts', 'test/start-redis.ts'],
    node24: true,
  },
  // Workers on one database, which are killed, and are read by many.
  postgres: {
    tests: ['packages/agent/test/postgres', 'packages/agent/src/postgres', 'packages/agent/src/redis'],
    inputs: ['test/start-postgres.ts', 'test/start-redis.ts'],
    variables: { KILLS: 200, SESSIONS: 100, RUNS: 200 },
  },
  // The packed packages in every runtime, bundler and Jest; writes the table of docs/runtimes.md, except in CI, where it is to be the same.
  runtimes: {
    tests: ['test/runtimes'],
    inputs: [
      'scripts/runtimes.ts',
      'test/browser.ts',
      'test/chromium.ts',
      'test/pack-packages.ts',
      'test/install-project.ts',
      'docs/runtimes.md',
      'docs/commonjs-and-jest.md',
      ...['core', 'stream', 'tools', 'chat', 'agent', 'testing'].map((name) => `packages/${name}/package.json`),
    ],
  },
  // The examples that are pages, in a browser.
  pages: {
    tests: ['examples/browser-chat/test', 'examples/react-chat/test'],
    inputs: ['examples/browser-chat', 'examples/react-chat', 'test/browser.ts', 'test/chromium.ts'],
  },
  // The site: built, and read as its readers do.
  docs: {
    tests: ['site/test'],
    inputs: [
      ...['site/.vitepress', 'site/generate', 'site/playground', 'site/home.md', 'site/package.json'],
      ...['docs', 'examples', 'README.md', 'CONTRIBUTING.md', 'test/chromium.ts'],
      ...publishedPackages().map((folder) => `${folder}/README.md`),
    ],
  },
  // The types in older and newer compilers, and the packages beside older and newer versions of their peers.
  versions: { tests: ['test/versions.long.test.ts'], inputs: ['test/install-project.ts', 'test/pack-packages.ts'] },
}
