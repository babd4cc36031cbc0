-- What HQ put at this phone's sole disposal, in HQ's own signed words: an HQ that lost them is shown them again.
CREATE TABLE stock_grant (
    id        TEXT    PRIMARY KEY,
    install   BLOB    NOT NULL CHECK (length(install) = 16), -- the one that may consume it
    location  TEXT    NOT NULL,
    part      TEXT    NOT NULL,
    ticket    TEXT,                                          -- of a reservation
    request   TEXT,                                          -- the own operation it answers
    remaining INTEGER NOT NULL CHECK (remaining >= 0),
    until     INTEGER NOT NULL,
    in_doubt  INTEGER NOT NULL,
    serial    INTEGER NOT NULL,
    signed    TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX stock_grant_place ON stock_grant (location, part);

-- How far this phone was told of them; without a line it was told nothing.
CREATE TABLE grant_known (
    one    INTEGER PRIMARY KEY CHECK (one = 1),
    epoch  INTEGER NOT NULL,
    serial INTEGER NOT NULL
) STRICT;

-- Own uses that HQ's ledger cannot explain.
CREATE TABLE discrepancy (
    operation TEXT    NOT NULL,
    location  TEXT    NOT NULL,
    part      TEXT    NOT NULL,
    quantity  INTEGER NOT NULL,
    PRIMARY KEY (operation, location, part)
) STRICT, WITHOUT ROWID;

-- What this phone asked for and HQ has not reserved yet.
CREATE TABLE part_request (
    operation TEXT    PRIMARY KEY,
    location  TEXT    NOT NULL,
    part      TEXT    NOT NULL,
    quantity  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO tally (name, value) VALUES ('stock_grant', 0) ON CONFLICT (name) DO NOTHING;
