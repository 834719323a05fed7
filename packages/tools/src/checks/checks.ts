import type { JSONSchema } from '@enjamb/core'

/**
 * What tells a developer of slips. `#checks` in the package's `imports` is the one that checks nothing where a bundler builds
 * for browsers, but during development.
 */
export interface Checks {
  /**
   * @param schema where the input is checked by it
   * @throws {ConfigError} an option of `defineTool` is misspelt or not usable, or `schema` can check nothing
   */
  checkDefinition(options: object, schema: JSONSchema | undefined): void
  /** @throws {ConfigError} an option is misspelt or no number that works, or there is no list of messages */
  checkRun(options: object, messages: unknown): void
  /** @throws {ConfigError} there is no list of tools, two have one name, or one is a definition alone */
  checkTools(entries: unknown): void
  /**
   * The schema that is read, which the API takes.
   *
   * @throws {ConfigError} there is none to be had, or it is not one of an object
   */
  checkInputSchema(name: string, read: () => JSONSchema): JSONSchema
}
