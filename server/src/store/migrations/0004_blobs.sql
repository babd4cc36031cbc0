-- Documents tell of photos by name; the bytes lie in files beside the database. Here stands which bytes are here, by which
-- document they may be read, and which are missing.

CREATE TABLE blob (
  hash BLOB PRIMARY KEY CHECK (length(hash) = 32),
  size INTEGER NOT NULL,
  media TEXT NOT NULL,
  at INTEGER NOT NULL -- since when it is here; since the restore, where nothing refers to it yet
) STRICT, WITHOUT ROWID;

-- What documents say.
CREATE TABLE blob_ref (
  document TEXT NOT NULL,
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  operation TEXT NOT NULL,
  engineer TEXT NOT NULL,
  size INTEGER NOT NULL,
  media TEXT NOT NULL,
  thumb INTEGER NOT NULL,
  PRIMARY KEY (document, hash, operation)
) STRICT, WITHOUT ROWID;
CREATE INDEX blob_ref_hash ON blob_ref (hash);

-- Somebody who may write in this document has shown the bytes, all of them. A name alone gives no right to read.
CREATE TABLE blob_proof (
  document TEXT NOT NULL,
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  device TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (document, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX blob_proof_hash ON blob_proof (hash);

-- What a document refers to and is not here.
CREATE TABLE blob_wanted (
  document TEXT NOT NULL,
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  engineer TEXT NOT NULL,
  since INTEGER NOT NULL,
  once_here INTEGER NOT NULL, -- the file is gone: any phone that holds it is asked, not its author's alone
  lost_at INTEGER,            -- when its author's phone said that it has it no more
  PRIMARY KEY (document, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX blob_wanted_engineer ON blob_wanted (engineer, since) WHERE lost_at IS NULL;
CREATE INDEX blob_wanted_again ON blob_wanted (document) WHERE once_here = 1;
