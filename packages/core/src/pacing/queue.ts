/** First come, first served; whoever waits may leave from the middle. Every operation takes constant time. */
export interface Queue<T> {
  readonly first: T | undefined
  /** Puts one at the end, and gives the way out: to be called once. */
  add(item: T): () => void
}

interface Place<T> {
  item?: T
  before: Place<T>
  after: Place<T>
}

export function createQueue<T>(): Queue<T> {
  // A ring with an empty place between the last and the first.
  const end = {} as Place<T>
  end.before = end.after = end
  return {
    get first() {
      return end.after.item
    },
    add(item) {
      const place = { item, before: end.before, after: end }
      place.before.after = place
      end.before = place
      return () => {
        place.before.after = place.after
        place.after.before = place.before
      }
    },
  }
}
