import { defineTool } from '@enjamb/tools'

export type SaveNote = (title: string, text: string) => Promise<void>

/** One tool that only reads, and one that changes something, so that it is asked for. */
export function createTools(saveNote: SaveNote) {
  const localTime = defineTool({
    name: 'local_time',
    description: 'The date and time in a time zone, now.',
    input: {
      type: 'object',
      properties: { timeZone: { type: 'string', description: 'An IANA time zone, as Europe/Lisbon.' } },
      required: ['timeZone'],
    },
    readOnly: true,
    run: ({ timeZone }) =>
      new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'full', timeStyle: 'short' }).format(new Date()),
  })
  const note = defineTool({
    name: 'save_note',
    description: 'Saves a note for the user, in Markdown.',
    input: {
      type: 'object',
      properties: { title: { type: 'string' }, text: { type: 'string' } },
      required: ['title', 'text'],
    },
    // The API sends the text as it is written, and does not hold it back until it is whole.
    wire: { eager_input_streaming: true },
    async run({ title, text }) {
      await saveNote(title, text)
      return `Saved as “${title}”.`
    },
  })
  return [localTime, note]
}
