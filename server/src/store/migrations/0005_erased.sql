-- Customers whose personal data was erased. Their rows say nothing any more, and nothing writes them again.
CREATE TABLE erased (customer TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
