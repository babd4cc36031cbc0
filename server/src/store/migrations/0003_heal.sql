-- Fates worked out anew while phones gave back what this record had lost. They stand until the phone that was told the
-- fate then comes and says what it was.

CREATE TABLE unsure_fate (operation TEXT PRIMARY KEY, document TEXT NOT NULL) STRICT, WITHOUT ROWID;
-- What a phone was told of work that no receipt covers, until that work comes: overruled once stays overruled.
CREATE TABLE foretold (operation TEXT PRIMARY KEY, device TEXT NOT NULL, code TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX unsure_fate_document ON unsure_fate (document);
