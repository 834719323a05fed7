/**
 * Tables of sessions.
 *
 * An entry is kept as the text that it is, not as jsonb, which sorts the keys of objects: what the API is sent has to be the same
 * byte for byte in each process, or its cache misses. The view is for people, in jsonb: characters that PostgreSQL's cannot hold,
 * NUL and halves of surrogate pairs, are replaced in it.
 *
 * @param schema quoted
 */
export const sessionTables = (schema: string) => `
  CREATE TABLE ${schema}.workers (
    id uuid PRIMARY KEY,
    host text NOT NULL,
    pid integer NOT NULL,
    process text NOT NULL,
    alive_until timestamptz NOT NULL
  );
  CREATE TABLE ${schema}.sessions (
    id text COLLATE "C" PRIMARY KEY,
    title text,
    parent text COLLATE "C",
    parent_seq bigint,
    last_seq bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    lease uuid,
    worker uuid,
    owner text,
    since timestamptz,
    held_until timestamptz
  );
  CREATE INDEX sessions_updated_at ON ${schema}.sessions (updated_at);
  CREATE INDEX sessions_parent ON ${schema}.sessions (parent) WHERE parent IS NOT NULL;
  CREATE TABLE ${schema}.entries (
    session text COLLATE "C" NOT NULL REFERENCES ${schema}.sessions ON DELETE CASCADE,
    seq bigint NOT NULL,
    type text NOT NULL,
    at timestamptz,
    lease uuid NOT NULL,
    entry json NOT NULL,
    PRIMARY KEY (session, seq)
  );
  CREATE TABLE ${schema}.blobs (
    id text COLLATE "C" PRIMARY KEY,
    bytes bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
  );
  CREATE VIEW ${schema}.journal AS
    SELECT session, seq, type, at,
      regexp_replace(entry::text, '\\\\u(0000|d[89a-f][0-9a-f]{2})', '\\\\ufffd', 'gi')::jsonb AS entry
    FROM ${schema}.entries;`
