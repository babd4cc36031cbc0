-- Each change stood here twice: with its own bytes, and in its document. Old ones stand in the document alone from now on, and
-- `change.bytes` is empty then. An older program would take that for damage, so the schema counts up.

-- Up to which entry the log was gone through.
CREATE TABLE compaction (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL) STRICT;
INSERT INTO compaction (one, seq) VALUES (1, 0);
