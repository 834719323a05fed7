const { ROUNDS } = process.env

/** The rounds that a benchmark asks for, or as many as `ROUNDS` allows where somebody is in a hurry. */
export function atMostRounds(wanted: number): number {
  return Math.min(wanted, Number(ROUNDS ?? wanted))
}

/** What the page has to say of that. */
export const roundsNote = ROUNDS ? ` Where more than ${ROUNDS} rounds are named, there were ${ROUNDS} this time.` : ''
