import { library } from '../../tsup.shared.ts'

export default library({ cli: 'src/cli.ts' })
