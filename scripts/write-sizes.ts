import { readFileSync, writeFileSync } from 'node:fs'
import { sizeTable, withSizeTable } from './size-table.ts'

const readme = new URL('../README.md', import.meta.url)
const table = await sizeTable()
writeFileSync(readme, withSizeTable(readFileSync(readme, 'utf8'), table))
console.log(table)
