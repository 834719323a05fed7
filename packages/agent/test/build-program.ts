import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** Bundles a program from the packages' sources, so that Node starts it at once. */
export async function buildProgram(source: URL, outfile: string): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(source)],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    conditions: ['@enjamb/source'],
    // For CommonJS modules among what is bundled.
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url)",
    },
    external: ['@vscode/ripgrep', 'undici', 'turndown', 'linkedom', '@modelcontextprotocol/*', 'pg-native'],
    logLevel: 'error',
  })
}
