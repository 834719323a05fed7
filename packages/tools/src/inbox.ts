/** Where a single reader waits for items that come from several sides. */
export interface Inbox<Item> {
  readonly items: Item[]
  push(item: Item): void
  take(): Promise<Item>
}

export function createInbox<Item>(): Inbox<Item> {
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
