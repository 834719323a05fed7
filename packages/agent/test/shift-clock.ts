/** From here on, this process takes it to be so much later. */
export function shiftClock(ms: number): void {
  const Real = Date
  globalThis.Date = class extends Real {
    constructor(...args: unknown[]) {
      if (args.length) super(...(args as [number]))
      else super(Real.now() + ms)
    }
    static override now(): number {
      return Real.now() + ms
    }
  } as DateConstructor
}
