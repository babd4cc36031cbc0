-- Photos lie in files beside this one; documents tell of them by name. Here stands what HQ has of them, and what it waits for.
CREATE TABLE blob (
    document  TEXT    NOT NULL,
    hash      BLOB    NOT NULL CHECK (length(hash) = 32),
    operation TEXT    NOT NULL,           -- the one that refers to it
    size      INTEGER NOT NULL,
    thumb     INTEGER NOT NULL,
    own       INTEGER NOT NULL,           -- taken with this phone, not fetched from HQ
    state     TEXT    NOT NULL CHECK (state IN ('waiting', 'at_hq', 'refused', 'lost')),
    told      INTEGER NOT NULL DEFAULT 0, -- HQ was told that it is lost
    code      TEXT,                       -- why HQ will not have it
    seq       INTEGER,                    -- where HQ's log stood when HQ had it: a backup beyond it holds it
    at        INTEGER NOT NULL,           -- when it was saved, or fetched
    PRIMARY KEY (document, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX blob_open ON blob (thumb DESC, at) WHERE state IN ('waiting', 'lost');
CREATE INDEX blob_operation ON blob (operation);
-- Whether photos wait for a network that costs nothing.
ALTER TABLE identity ADD COLUMN wifi_only INTEGER NOT NULL DEFAULT 1;
