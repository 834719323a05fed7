import { library } from '../../tsup.shared.ts'

export default library({
  'code/index': 'src/code/index.ts',
  'mcp/index': 'src/mcp/index.ts',
  'mcp/no-process': 'src/mcp/link/no-process.ts',
  'node/index': 'src/node/index.ts',
  'node/process-transport': 'src/node/process/process-transport.ts',
})
