/** The colours of code: few, each with a contrast of 4.5 or more on the ground of code. */
interface Colors {
  ground: string
  ink: string
  soft: string
  keyword: string
  string: string
  constant: string
  name: string
}

const light: Colors = {
  ground: '#f3f0ea',
  ink: '#24221e',
  soft: '#68635a',
  keyword: '#2f5a4d',
  string: '#7d4614',
  constant: '#93372a',
  name: '#3f4a86',
}

const dark: Colors = {
  ground: '#211f1c',
  ink: '#e8e4dc',
  soft: '#a49e93',
  keyword: '#8fc4b2',
  string: '#dcb583',
  constant: '#e79a8a',
  name: '#aab8ea',
}

function toTheme(type: 'light' | 'dark', colors: Colors) {
  const rule = (scope: string[], foreground: string) => ({ scope, settings: { foreground } })
  return {
    name: `enjamb-${type}`,
    type,
    fg: colors.ink,
    bg: colors.ground,
    settings: [
      rule(['comment', 'punctuation.definition.comment'], colors.soft),
      rule(['keyword', 'storage', 'variable.language'], colors.keyword),
      rule(['keyword.operator', 'punctuation', 'meta.brace'], colors.ink),
      rule(['string', 'string.regexp', 'meta.property-name'], colors.string),
      rule(['constant', 'support.constant'], colors.constant),
      rule(['entity.name', 'support.function', 'support.class', 'support.type'], colors.name),
    ],
  }
}

/** For the highlighter, in both lights. */
export const codeTheme = { light: toTheme('light', light), dark: toTheme('dark', dark) }
