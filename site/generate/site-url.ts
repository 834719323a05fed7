const { SITE_URL } = process.env
const address = SITE_URL ? new URL(SITE_URL.replace(/\/?$/, '/')) : undefined

/** Where the site will stand, by `SITE_URL`: its owner's choice. Without it all addresses are paths. */
export const siteURL = address?.href

/** What every path begins with. */
export const base = address?.pathname ?? '/'
