import { openLog } from '../src/node/index.ts'
import { buildJournal, toolUse } from './journal-builder.ts'

// Writes the beginning of a turn, and dies in its middle as if somebody had pulled the plug.
const [logDir = ''] = process.argv.slice(2)
const bash = toolUse('toolu_1', 'Bash', { command: 'sleep 1000' })
const log = openLog({ logDir, logName: 'killed', logAll: true })
for (const entry of buildJournal().prompt('Wait.').reply([bash]).intent(bash).entries) log.write(entry)
process.kill(process.pid, 'SIGKILL')
