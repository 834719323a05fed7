import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { serve } from '../browser.ts'
import { chromiumOptions } from '../chromium.ts'
import type { Outcomes } from './run-program.ts'
import type { SmokeTest } from './smoke-test.ts'

/** The checks in a page of Chromium, with sessions in IndexedDB. */
export function runPage(bundler: keyof typeof import('./bundle-page.ts').bundlePage): SmokeTest['run'] {
  return async (project, url) => {
    const { bundlePage } = await import('./bundle-page.ts')
    const folder = join(project, 'bundles', bundler)
    await bundlePage[bundler](project, folder)
    const page =
      '<!doctype html><meta charset="utf-8"><title>smoke</title><script type="module" src="/page.js"></script>'
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'))
    const scripts = files.map((file) => [`/${file}`, readFileSync(join(folder, file))] as const)
    const server = await serve(new Map<string, string | Buffer>([['/', page], ...scripts]))
    const browser = await chromium.launch(chromiumOptions())
    try {
      const page = await browser.newPage()
      await page.goto(server.url)
      return await page.evaluate<Outcomes>(`runSmoke(${JSON.stringify(url)})`)
    } finally {
      await browser.close()
      await server.close()
    }
  }
}
