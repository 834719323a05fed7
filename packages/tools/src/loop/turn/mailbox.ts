/** Where a single reader waits for items that come from several sides. */
export interface Mailbox<Item> {
  readonly items: Item[]
  push(item: Item): void
  take(): Promise<Item>
}

export function createMailbox<Item>(): Mailbox<Item> {
  const items: Item[] = []
  let wake = () => {}
  return {
    items,
    push(item) {
      items.push(item)
      wake()
    },
    async take() {
      if (!items.length) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      return items.shift() as Item
    },
  }
}
