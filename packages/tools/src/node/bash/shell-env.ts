/** Variables that say how and where to work, and hold no secrets. */
const inherited = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'LANGUAGE',
  'LC_ADDRESS',
  'LC_ALL',
  'LC_COLLATE',
  'LC_CTYPE',
  'LC_IDENTIFICATION',
  'LC_MEASUREMENT',
  'LC_MESSAGES',
  'LC_MONETARY',
  'LC_NAME',
  'LC_NUMERIC',
  'LC_PAPER',
  'LC_TELEPHONE',
  'LC_TIME',
  'TZ',
  'TMPDIR',
  'TMP',
  'TEMP',
  'XDG_CACHE_HOME',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  'XDG_STATE_HOME',
]

/**
 * The environment of a command: a few variables of this process by an allow list, so that a secret nobody thought of is
 * left out too, then `extra`, where `undefined` takes one away. Unless `extra` says otherwise, `TERM` is `dumb`, and Git takes
 * a text that it would have edited, such as that of a merge, as it is: it would start its editor without a terminal, too,
 * and wait for it.
 */
export function toShellEnv(
  extra: { readonly [name: string]: string | undefined },
  own: NodeJS.ProcessEnv = process.env,
): { [name: string]: string } {
  const all = {
    ...Object.fromEntries(inherited.map((name) => [name, own[name]])),
    TERM: 'dumb',
    GIT_EDITOR: 'true',
    ...extra,
  }
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined))
}
