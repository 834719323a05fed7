/** How many sub-agents may be at work at once, below one session and however deep. */
export interface Places {
  /**
   * @returns what gives the place back
   * @throws {Error} for the model: none is free
   */
  take(): () => void
}

export function createPlaces(most: number): Places {
  let taken = 0
  return {
    take() {
      if (taken >= most) {
        throw new Error(`${taken} sub-agents are at work, and no more may be: wait for one, or do it yourself.`)
      }
      taken++
      let isFree = false
      return () => {
        if (!isFree) taken--
        isFree = true
      }
    },
  }
}
