-- What is held is summed up and looked over at every opening: without these, past every snapshot.
CREATE INDEX doc_held ON doc (in_scope, stuck, branch, digest) WHERE snapshot IS NOT NULL;
CREATE INDEX doc_bare ON doc (branch) WHERE snapshot IS NULL;
