import { library } from '../../tsup.shared.ts'

export default library({ cli: 'src/command/cli.ts' })
