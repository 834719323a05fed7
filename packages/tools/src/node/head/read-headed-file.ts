import { openFile } from '../files/open-file.ts'
import type { Roots } from '../files/roots.ts'

const maxFileBytes = 262_144
const maxHeadChars = 4_096

/**
 * The two parts of a file that begins with a head between two lines of `---`.
 *
 * @param path in the folders
 * @throws {Error} there is none inside the folders, it is too large, or it does not begin as it must
 */
export async function readHeadedFile(roots: Roots, path: string): Promise<{ head: string; body: string }> {
  const { handle, stats } = await openFile(roots, path)
  try {
    if (stats.size > maxFileBytes) throw new Error(`The file has more than ${maxFileBytes} bytes.`)
    const text = (await handle.readFile('utf8')).replace(/^\ufeff/, '').replace(/\r\n?/g, '\n')
    const end = text.indexOf('\n---\n', 3)
    const whole = end < 0 && text.endsWith('\n---') ? text.length - 4 : end
    if (!text.startsWith('---\n') || whole < 0 || whole > maxHeadChars) {
      throw new Error('The file must begin with its name and description between two lines of ---.')
    }
    return { head: text.slice(4, Math.max(4, whole)), body: text.slice(whole + 5).trim() }
  } finally {
    await handle.close()
  }
}
