/** How the instructions of a project begin in a system prompt, each followed by where they are from. */
export const instructionsHead = 'Instructions of the project, from '
