import { library } from '../../tsup.shared.ts'

export default library({ 'node/index': 'src/node/index.ts', 'browser/index': 'src/browser/index.ts' })
