/**
 * Folders and files that other programs run, or are told by what to run: whoever may write them may run anything. Those who
 * write such a file without being asked would be let do by the back door what they may not do by the front.
 */
const folders = [
  '.git',
  '.github/workflows',
  '.github/actions',
  '.gitlab',
  '.circleci',
  '.buildkite',
  '.husky',
  '.githooks',
  '.vscode',
  '.idea',
  '.cursor',
  '.devcontainer',
  '.claude',
  '.ssh',
  '.gnupg',
  '.yarn',
  '.cargo',
  '.config/fish',
  '.config/git',
  '.config/autostart',
  '.config/systemd',
]

const files = [
  '.mcp.json',
  '.claude.json',
  '.envrc',
  '.npmrc',
  '.pnpmfile.cjs',
  '.pnpmfile.mjs',
  '.yarnrc',
  '.yarnrc.yml',
  '.pypirc',
  '.netrc',
  '.curlrc',
  '.wgetrc',
  '.gitconfig',
  '.gitmodules',
  '.gitattributes',
  '.gitlab-ci.yml',
  '.travis.yml',
  '.pre-commit-config.yaml',
  '.tool-versions',
  '.mise.toml',
  '.bashrc',
  '.bash_profile',
  '.bash_login',
  '.bash_logout',
  '.bash_aliases',
  '.profile',
  '.zshrc',
  '.zshenv',
  '.zprofile',
  '.zlogin',
  '.zlogout',
  '.kshrc',
  '.cshrc',
  '.tcshrc',
  '.login',
  '.xinitrc',
  '.xprofile',
  '.xsession',
  '.inputrc',
  '.vimrc',
  '.exrc',
  '.nvimrc',
  '.emacs',
  '.gdbinit',
  '.lldbinit',
  '.pythonrc',
  '.pythonstartup',
  '.screenrc',
  '.tmux.conf',
  '.crontab',
]

/**
 * Which of them a path is, or is in, below `cwd` if it is there; `undefined` for other paths. Names that some disk takes for the same are the same:
 * other capitals, invisible characters, dots and streams at the end, the short names of old.
 *
 * @param path with slashes
 */
export function protectedPart(path: string, cwd: string): string | undefined {
  const below = path.startsWith(`${cwd}/`) ? path.slice(cwd.length) : path
  const whole = `/${below.split('/').map(plainName).filter(Boolean).join('/')}/`
  const isIn = (name: string) => whole.includes(`/${name}/`)
  return folders.find(isIn) ?? files.find(isIn)
}

function plainName(name: string): string {
  const plain = name
    .normalize('NFKC')
    .replace(/[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g, '')
    .replace(/:.*$/, '')
    .replace(/(?<=.)[. ]+$/, '')
    .toLowerCase()
  return plain === 'git~1' ? '.git' : plain
}
