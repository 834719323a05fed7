import type { Permission } from '@enjamb/tools'
import { skillDefinition } from '@enjamb/tools/code'

/** Allows the Skill tool for some skills alone, and everything else. */
export function onlySkills(names: readonly string[]): Permission {
  return ({ name, input }) => {
    const { skill } = Object(input) as { skill?: string }
    if (name !== skillDefinition.name || names.includes(skill!)) return { allow: true }
    return { allow: false, reason: `the skills of this task are ${names.join(', ') || 'none'}` }
  }
}
