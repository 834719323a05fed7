import { library } from '../../tsup.shared.ts'

export default library({ 'code/index': 'src/code/index.ts', 'node/index': 'src/node/index.ts' })
