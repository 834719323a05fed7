/** Does a tool's name fit a pattern, in which `*` stands for any characters? Nothing else in it has a meaning of its own. */
export function fitsName(pattern: string, name: string, flags = ''): boolean {
  return new RegExp(`^${pattern.replace(/\*+/g, '.*')}$`, flags).test(name)
}
