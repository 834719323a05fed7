/** Variables that say how and where to work, and hold no secrets. */
const inherited = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'LANGUAGE',
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
  const names = [...inherited, ...Object.keys(own).filter((name) => name.startsWith('LC_'))]
  const all = {
    ...Object.fromEntries(names.map((name) => [name, own[name]])),
    TERM: 'dumb',
    GIT_EDITOR: 'true',
    ...extra,
  }
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined))
}
