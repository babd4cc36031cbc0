-- Should HQ lose what it once had, phones give it back: what the server vouched for, and where giving back stands.

ALTER TABLE doc ADD COLUMN heads BLOB;       -- sorted heads of the accepted state
ALTER TABLE doc ADD COLUMN receipt INTEGER;  -- the newest receipt that covers it
ALTER TABLE doc ADD COLUMN vouched BLOB;     -- the heads that receipt vouches for

ALTER TABLE doc ADD COLUMN lost INTEGER NOT NULL DEFAULT 0; -- HQ lost it, and could not take it back from here

-- One signature over the leaves of the documents a page touched.
CREATE TABLE receipt (
    n         INTEGER PRIMARY KEY AUTOINCREMENT,
    leaves    BLOB NOT NULL,                 -- 32 bytes each, in the order of their documents
    signature BLOB NOT NULL CHECK (length(signature) = 64)
) STRICT;

CREATE INDEX doc_receipt ON doc (receipt) WHERE receipt IS NOT NULL;

-- Documents the server has lost something of, or is to be told fates of.
CREATE TABLE heal (
    document TEXT PRIMARY KEY REFERENCES doc (id) ON DELETE CASCADE,
    heads    BLOB NOT NULL                   -- the server's
) STRICT;

-- 0: in step. 1: the server is to be told what is held here. 2: what it lacks is given back.
-- 3: it lacks nothing more, and the first page since has not come.
ALTER TABLE cursor ADD COLUMN healing INTEGER NOT NULL DEFAULT 0;
-- The furthest place in this epoch's log of which anything was heard, when it is not the cursor's.
ALTER TABLE cursor ADD COLUMN heard_seq INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cursor ADD COLUMN heard_chain BLOB NOT NULL DEFAULT x'0000000000000000';
ALTER TABLE cursor ADD COLUMN heard_seal BLOB NOT NULL DEFAULT x'00000000000000000000000000000000';
