import { library } from '../../tsup.shared.ts'

export default library({
  'node/index': 'src/node/index.ts',
  'node/host': 'src/node/host/host.ts',
  'no-host': 'src/context/host/no-host.ts',
  'terminal/cli': 'src/terminal/cli.ts',
  'otel/index': 'src/otel/index.ts',
  'record/index': 'src/record/index.ts',
  'postgres/index': 'src/postgres/index.ts',
  'cli/index': 'src/cli/index.ts',
  'redis/index': 'src/redis/index.ts',
  'browser/index': 'src/browser/index.ts',
  'restate/index': 'src/restate/index.ts',
})
