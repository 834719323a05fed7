/** A file that a task made, changed or removed. */
export interface TaskArtifact {
  type: 'file'
  /** Absolute. */
  path: string
  change: 'created' | 'modified' | 'deleted'
  /** As it is in the end; 0 where it is deleted. */
  sizeBytes: number
  /** When the task first changed it; of what a command did, when that was seen. */
  createdAt: Date
}
