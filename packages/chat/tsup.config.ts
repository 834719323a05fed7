import { library } from '../../tsup.shared.ts'

export default library({ 'node/cli': 'src/node/cli.ts', 'openai/index': 'src/openai/index.ts' })
