import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const files = {
  'README.md': '# Poems\n\n- poems/rain.txt\n- poems/train.txt\n',
  'poems/rain.txt': 'The rain that fell all night upon\nthe roof is gone.\n',
  'poems/train.txt':
    'A train that does not stop at all\nthe stations that it passes, small\nand lit, and gone, runs on.\n',
}

/** Makes a temporary folder with a few files for the agent to look at, and removes it when `use` is done. */
export async function withSampleFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'enjamb-quickstart-')))
  try {
    await mkdir(join(folder, 'poems'))
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
