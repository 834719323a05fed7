/** What a bundler takes for browsers while an application is developed: the same, and it checks how options are spelt. */
export {
  callHeaders,
  credentialNames,
  explain,
  fetchDirect,
  isPage,
  logAttempt,
  onAbort,
  readerOf,
  seal,
  slowFetch,
  startTimer,
  tidy,
  unseen,
  whyOf,
  withEnvironment,
} from './browser.ts'
export { checkCall } from './checks/check-call.ts'
export { checkClient } from './checks/check-client.ts'
