-- Why work waits was known to the process alone: a phone that is opened for one sync at a time never counted to three,
-- and said of work that HQ holds that it goes with the next sync. Both are kept now.
CREATE TABLE wait (
    document TEXT    PRIMARY KEY,
    tries    INTEGER NOT NULL,
    why      TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
ALTER TABLE intent ADD COLUMN held INTEGER NOT NULL DEFAULT 0; -- HQ has it and a supervisor decides
