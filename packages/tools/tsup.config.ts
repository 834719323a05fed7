import { library } from '../../tsup.shared.ts'

export default library({
  'checks/browser': 'src/checks/browser.ts',
  'checks/server': 'src/checks/server.ts',
  'code/index': 'src/code/index.ts',
  'mcp/index': 'src/mcp/index.ts',
  'mcp/no-process': 'src/mcp/link/no-process.ts',
  'node/index': 'src/node/index.ts',
  'node/process-transport': 'src/node/process/process-transport.ts',
})
