/** Where in a list of models or batches to begin, and how much of it comes at once. */
export interface PageParams {
  /** Items in one page, 1 to 1,000. Default 20. */
  limit?: number
  /** Begins after the item of this id. */
  after_id?: string
  /** The items before the one of this id: the pages come in reverse, each of them in the list's own order. */
  before_id?: string
}

/** As {@link PageParams}, for lists whose pages are named by the answer and not by an item. */
export interface PageCursorParams {
  /** Items in one page. Default 20. */
  limit?: number
  /** The `next_page` of an earlier answer. */
  page?: string | null
}
