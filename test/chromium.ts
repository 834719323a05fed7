import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { LaunchOptions } from 'playwright-core'

const cache = fileURLToPath(new URL('../node_modules/.cache/enjamb', import.meta.url))

// A browser that keeps to the page: no sandbox, which needs rights that containers lack, and no calls home.
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * What Playwright needs to start a headless browser: on Linux (x64) the Chromium that is installed with the other
 * packages, together with the libraries that a bare machine lacks; elsewhere the Chrome that is on the machine.
 * `CHROMIUM_PATH` names another.
 */
export function chromiumOptions(): LaunchOptions {
  const { CHROMIUM_PATH } = process.env
  if (CHROMIUM_PATH) return { executablePath: CHROMIUM_PATH, args }
  if (process.platform !== 'linux' || process.arch !== 'x64') return { channel: 'chrome', args }
  const folder = unpackedChromium()
  const env = {
    ...process.env,
    LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
    FONTCONFIG_PATH: join(folder, 'fonts'),
  } as Record<string, string>
  return { executablePath: join(folder, 'chromium'), args, env }
}

/** The folder of the unpacked browser, 200 MB: unpacked once, and in one step, for test files run at the same time. */
function unpackedChromium(): string {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium')
  const { version } = createRequire(import.meta.url)(join(dirname(entry), '..', '..', 'package.json')) as {
    version: string
  }
  const folder = join(cache, `chromium-${version}`)
  if (existsSync(folder)) return folder
  mkdirSync(cache, { recursive: true })
  const unfinished = mkdtempSync(`${folder}-`)
  // The package unpacks into the temporary folder, and its libraries only where it takes the machine for a bare one.
  const code = `const { default: chromium } = await import('${pathToFileURL(entry)}'); await (chromium.default ?? chromium).executablePath()`
  execFileSync(process.execPath, ['--input-type=module', '--eval', code], {
    env: { ...process.env, NODE_OPTIONS: '', TMPDIR: unfinished, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' },
    stdio: 'pipe',
  })
  // The package's own names the folders of a cloud; without any font the browser ends at the first letter.
  const fonts = `<fontconfig><dir>${folder}/fonts</dir><cachedir>${folder}/fonts-cache</cachedir></fontconfig>\n`
  writeFileSync(join(unfinished, 'fonts', 'fonts.conf'), `<?xml version="1.0"?>\n${fonts}`)
  try {
    renameSync(unfinished, folder)
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true })
    if (!existsSync(folder)) throw error
  }
  return folder
}
