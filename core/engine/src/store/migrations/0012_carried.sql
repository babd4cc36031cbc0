-- What colleagues handed this phone where no network reached: their work as their phones signed it, to be shown and brought
-- to HQ; and HQ's word for phones, by which one knows another.
CREATE TABLE papers (
    one         INTEGER PRIMARY KEY CHECK (one = 1),
    hq_key      BLOB NOT NULL CHECK (length(hq_key) = 32),
    certificate BLOB NOT NULL -- CBOR
) STRICT;

-- One lane each: a signature covers all its changes, so they stay together.
CREATE TABLE carried (
    n           INTEGER PRIMARY KEY AUTOINCREMENT,
    head        BLOB    NOT NULL UNIQUE CHECK (length(head) = 32), -- hash of its last change
    document    TEXT    NOT NULL,
    device      TEXT    NOT NULL,           -- its author's phone
    certificate BLOB    NOT NULL,           -- HQ's word for that phone, CBOR, for whoever is handed it next
    lane        BLOB    NOT NULL,           -- CBOR
    changes     INTEGER NOT NULL,           -- how many it has
    got_at      INTEGER NOT NULL,
    due_at      INTEGER NOT NULL DEFAULT 0, -- not brought to HQ again before
    needs_since INTEGER,                    -- since when HQ lacks what it builds on
    taken_at    INTEGER,                    -- HQ has it
    refused     TEXT                        -- why HQ never will
) STRICT;
CREATE INDEX carried_document ON carried (document, n);

-- What it says, as far as this phone could check it.
CREATE TABLE carried_entry (
    carried   INTEGER NOT NULL REFERENCES carried (n) ON DELETE CASCADE,
    operation TEXT    NOT NULL,
    entry     TEXT    NOT NULL,
    PRIMARY KEY (carried, operation)
) STRICT, WITHOUT ROWID;

-- What HQ had vouched for when it was handed over, of documents that this phone knows less of.
CREATE TABLE carried_ground (
    document TEXT PRIMARY KEY,
    shared   BLOB NOT NULL -- CBOR
) STRICT, WITHOUT ROWID;
