/** What a model is asked for that writes a summary. */
export function summaryPrompt(instructions: string | undefined): string {
  return instructions?.trim() ? `${prompt}\n\nBeside that: ${instructions.trim()}` : prompt
}

const prompt = `Put the conversation so far into a summary, for somebody who is to go on with it and will see nothing else of it. It says:

- what the user wants, and all that they decided, preferred or ruled out, in their own words where these matter;
- what was done and found out, with the names of files, commands, identifiers and values exactly as they are;
- what failed, and why;
- what is under way, and what comes next.

Leave out what no longer matters. Do not go on with the conversation now, and call no tool: write the summary, and nothing else.`
