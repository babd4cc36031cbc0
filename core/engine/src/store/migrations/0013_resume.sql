-- After healing a server a phone read everything again. What it needs to go on instead: places of the log that it came to,
-- of which the server knows some, and which rows came or went since each of them.

-- Thinned out: the further back, the further apart.
CREATE TABLE trail (
    seq   INTEGER PRIMARY KEY,
    chain BLOB NOT NULL CHECK (length(chain) = 8)
) STRICT;

-- A place in the log after which it is no news; 0 before this was kept.
ALTER TABLE "row" ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stock ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;
-- Rows that HQ took away, where the trail goes back to before that.
CREATE TABLE row_gone (
    kind TEXT    NOT NULL,
    id   TEXT    NOT NULL,
    seq  INTEGER NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

-- What the server of a new epoch said it holds, until it is asked what it lacks.
ALTER TABLE cursor ADD COLUMN digest BLOB;
-- The newest place of the trail that it knows, until the first page.
ALTER TABLE cursor ADD COLUMN known_seq INTEGER;
