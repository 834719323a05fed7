/** An image inside the request. */
export interface Base64ImageSource {
  type: 'base64'
  media_type: 'image/jpeg' | 'image/png' | 'image/gif' | 'image/webp'
  data: string
}

/** A PDF inside the request. */
export interface Base64PDFSource {
  type: 'base64'
  media_type: 'application/pdf'
  data: string
}

/** A document that is plain text, inside the request. */
export interface PlainTextSource {
  type: 'text'
  media_type: 'text/plain'
  data: string
}

/** A file that the API fetches. */
export interface URLSource {
  type: 'url'
  url: string
}

/** A file uploaded earlier through the Files API. */
export interface FileSource {
  type: 'file'
  file_id: string
}
