import { chromiumOptions } from '../../../test/chromium.ts'
import config from './playwright.config.ts'

/** The user's configuration, with the browser of this repository, and patience with a machine that is busy. */
export default {
  ...config,
  timeout: 60_000,
  expect: { timeout: 20_000 },
  use: { launchOptions: chromiumOptions() },
}
