-- What one phone may consume alone is a grant: the ledger says what lies somewhere, grants say who has it. What left the
-- ledger and nobody's grant covered is a discrepancy, until somebody counts or what comes later explains it.

ALTER TABLE movement ADD COLUMN kind TEXT NOT NULL DEFAULT 'use' CHECK (kind IN ('use','transfer','count'));
UPDATE movement SET kind = 'count' WHERE document IS NULL;

CREATE TABLE stock_grant (
  id TEXT PRIMARY KEY,
  device TEXT NOT NULL,
  install BLOB NOT NULL CHECK (length(install) = 16),
  engineer TEXT NOT NULL,
  location TEXT NOT NULL,
  part TEXT NOT NULL,
  ticket TEXT,              -- of a reservation
  request TEXT UNIQUE,      -- the operation that a reservation answers
  remaining INTEGER NOT NULL CHECK (remaining >= 0),
  until INTEGER NOT NULL,
  serial INTEGER NOT NULL UNIQUE,
  ended_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX stock_grant_place ON stock_grant (location, part) WHERE ended_at IS NULL;
CREATE INDEX stock_grant_device ON stock_grant (device, serial);

-- Under which install each phone spoke last, and whether it has shown its grants in this epoch.
CREATE TABLE grant_report (
  device TEXT PRIMARY KEY,
  install BLOB NOT NULL CHECK (length(install) = 16),
  epoch TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Where HQ may grant again since its record went back; an empty part stands for all of a place.
CREATE TABLE stock_open (
  location TEXT NOT NULL,
  part TEXT NOT NULL,
  epoch TEXT NOT NULL,
  PRIMARY KEY (location, part)
) STRICT, WITHOUT ROWID;
-- The epoch since which no grant can be unknown here. A fresh database has none yet, and gets it with its first epoch.
INSERT OR IGNORE INTO meta (key, value) SELECT 'grants_epoch', value FROM meta WHERE key = 'epoch';

CREATE TABLE discrepancy (
  cause TEXT NOT NULL,      -- the operation; where a phone showed a grant that HQ did not know, the grant
  location TEXT NOT NULL,
  part TEXT NOT NULL,
  engineer TEXT NOT NULL,
  why TEXT NOT NULL CHECK (why IN ('not_granted','shown','lowered')),
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  serial INTEGER NOT NULL UNIQUE,
  at INTEGER NOT NULL,
  settled_at INTEGER,
  PRIMARY KEY (cause, location, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX discrepancy_open ON discrepancy (location, part) WHERE settled_at IS NULL;
CREATE INDEX discrepancy_engineer ON discrepancy (engineer, serial);

-- What engineers asked for and nobody has reserved yet.
CREATE TABLE stock_request (
  operation TEXT PRIMARY KEY,
  document TEXT NOT NULL,
  device TEXT,              -- the phone that asked, if one did
  engineer TEXT NOT NULL,
  location TEXT NOT NULL,
  part TEXT NOT NULL,
  quantity INTEGER NOT NULL,
  at INTEGER NOT NULL,
  done_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX stock_request_open ON stock_request (engineer) WHERE done_at IS NULL;
