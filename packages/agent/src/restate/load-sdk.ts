import { ConfigError } from '@enjamb/core'

export type Restate = typeof import('@restatedev/restate-sdk')

/**
 * The engine's SDK.
 *
 * @throws {ConfigError} the optional peer is not installed, or Node is too old for it
 */
export async function loadSDK(): Promise<Restate> {
  // Below, it loads, and then answers no call.
  if (!('withResolvers' in Promise)) {
    throw new ConfigError(
      `Workers of a fleet need Node 22 or newer, as the engine's SDK does; this is ${process.version}.`,
    )
  }
  try {
    return await import('@restatedev/restate-sdk')
  } catch (cause) {
    throw new ConfigError('Workers of a fleet need the SDK of Restate: npm install @restatedev/restate-sdk', { cause })
  }
}
