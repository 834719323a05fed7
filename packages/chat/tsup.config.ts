import { library } from '../../tsup.shared.ts'

export default library({ 'openai/index': 'src/openai/index.ts' })
