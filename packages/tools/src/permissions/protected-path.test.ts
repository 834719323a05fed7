import { expect, it } from 'vitest'
import { protectedPart } from './protected-path.ts'

const cwd = '/home/app'

it.each([
  ['/home/app/.git/hooks/pre-commit', '.git'],
  ['/home/app/sub/.git', '.git'],
  ['/home/app/.GIT/config', '.git'],
  ['/home/app/.g\u200cit/config', '.git'],
  ['/home/app/.git./config', '.git'],
  ['/home/app/.git /config', '.git'],
  ['/home/app/.git::$INDEX_ALLOCATION/config', '.git'],
  ['/home/app/GIT~1/config', '.git'],
  ['/home/app/.github/workflows/ci.yml', '.github/workflows'],
  ['/home/app/.husky/pre-commit', '.husky'],
  ['/home/app/.vscode/tasks.json', '.vscode'],
  ['/home/app/.claude/settings.json', '.claude'],
  ['/home/app/.mcp.json', '.mcp.json'],
  ['/home/app/packages/a/.npmrc', '.npmrc'],
  ['/home/app/.envrc', '.envrc'],
  ['/home/ann/.bashrc', '.bashrc'],
  ['/home/ann/.ZSHRC', '.zshrc'],
])('%s can make other programs run things', (path, part) => {
  expect(protectedPart(path, cwd)).toBe(part)
})

it.each([
  '/home/app/src/git/config',
  '/home/app/.gitignore',
  '/home/app/.github/ISSUE_TEMPLATE.md',
  '/home/app/x.git/config',
  '/home/app/bashrc',
  '/home/app/..git/x',
  '/home/app',
])('%s cannot', (path) => {
  expect(protectedPart(path, cwd)).toBeUndefined()
})

it('a folder to work in that is one of them is a folder like others', () => {
  expect(protectedPart('/home/app/.claude/plugins/a/index.ts', '/home/app/.claude/plugins/a')).toBeUndefined()
  expect(protectedPart('/home/app/.claude/settings.json', '/home/app/.claude/plugins/a')).toBe('.claude')
})
