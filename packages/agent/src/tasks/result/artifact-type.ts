import type { TaskArtifact } from './task-artifact.ts'

const images = [/^\x89PNG\r\n/, /^\xff\xd8\xff/, /^GIF8[79]a/, /^RIFF....WEBP/s]

/** What a file is by its content, whatever its name says; text is what is UTF-8 without a NUL. */
export function artifactType(content: Uint8Array): TaskArtifact['type'] {
  const head = String.fromCharCode(...content.subarray(0, 16))
  if (images.some((image) => image.test(head))) return 'image'
  if (head.startsWith('%PDF-')) return 'document'
  if (content.includes(0)) return 'file'
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(content)
    return 'text'
  } catch {
    return 'file'
  }
}
