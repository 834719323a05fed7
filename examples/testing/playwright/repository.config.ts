import { chromiumOptions } from '../../../test/chromium.ts'
import config from './playwright.config.ts'

/** The user's configuration, with the browser of this repository. */
export default { ...config, use: { launchOptions: chromiumOptions() } }
