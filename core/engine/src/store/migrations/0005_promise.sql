-- Rows that a damaged file lost from `intent` and `change` were missed by nobody. What a person was promised and HQ has
-- not answered stands here once more, in few words, and every operation ever saved is counted: what is gone is told.
CREATE TABLE promise (
    operation TEXT    PRIMARY KEY,
    n         INTEGER NOT NULL, -- its place among the intents
    document  TEXT    NOT NULL,
    act       TEXT    NOT NULL,
    saved_at  INTEGER NOT NULL,
    asked     INTEGER NOT NULL DEFAULT 0 -- it is gone, and HQ was asked for its document
) STRICT, WITHOUT ROWID;
INSERT INTO promise (operation, n, document, act, saved_at)
SELECT operation, n, document, coalesce((SELECT key FROM json_each(entry, '$.act') LIMIT 1), ''), saved_at
FROM intent WHERE state = 'saved' AND json_valid(entry);
-- Operations ever saved in this store, whatever install it was under.
ALTER TABLE identity ADD COLUMN written INTEGER NOT NULL DEFAULT 0;
UPDATE identity SET written = max(write_counter,
    (SELECT count(*) FROM intent) + (SELECT coalesce(sum(value), 0) FROM counter));
-- Stores made before lists had this index lack it.
CREATE INDEX IF NOT EXISTS doc_place ON doc (id, in_scope, stuck);
