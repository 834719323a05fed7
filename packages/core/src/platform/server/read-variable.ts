/** A variable of the environment; one that is blank is not set. */
export function readVariable(name: string): string | undefined {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } }
  try {
    return process?.env?.[name]?.trim() || undefined
  } catch {
    // Deno asks for leave, and may not get it.
    return undefined
  }
}
