-- The first shape of the phone's store. Documents' accepted state is the base; own pending work lies beside it in
-- `intent` and `change` and is laid over it when a document is opened. Read models can be rebuilt from both.

CREATE TABLE identity (
    one               INTEGER PRIMARY KEY CHECK (one = 1),
    install           BLOB    NOT NULL CHECK (length(install) = 16),
    write_counter     INTEGER NOT NULL DEFAULT 0, -- operations this install ever saved
    key_seed          BLOB,                       -- from the first request to enrol on
    organisation      TEXT,                       -- this and the next: from the enrolment on
    organisation_name TEXT,
    device            TEXT,
    engineer          TEXT,
    token             TEXT,
    server_url        TEXT,
    offset_ms         INTEGER,                    -- server minus device, as of the last sync
    revoked           INTEGER NOT NULL DEFAULT 0,
    token_refused     INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE cursor (
    one        INTEGER PRIMARY KEY CHECK (one = 1),
    epoch      INTEGER NOT NULL,
    seq        INTEGER NOT NULL,
    chain      BLOB    NOT NULL CHECK (length(chain) = 8),
    seal       BLOB    NOT NULL CHECK (length(seal) = 16), -- the server's, on the three before
    run        INTEGER NOT NULL DEFAULT 0, -- counts the readings from the start
    rereading  INTEGER NOT NULL DEFAULT 0, -- this run reads the same epoch again: what it does not name is gone
    mismatches INTEGER NOT NULL DEFAULT 0, -- manifests in a row that did not fit
    reset_at   INTEGER,                    -- when this phone last began to read again
    last_sync  INTEGER,                    -- server time of the last reply
    complete   INTEGER NOT NULL DEFAULT 0, -- the last manifest fitted
    expected   INTEGER,                    -- documents the last manifest counted
    as_of      INTEGER                     -- server time of the last manifest
) STRICT;
INSERT INTO cursor (one, epoch, seq, chain, seal) VALUES (1, 0, 0, zeroblob(8), zeroblob(16));

CREATE TABLE doc (
    n        INTEGER PRIMARY KEY,
    id       TEXT    NOT NULL UNIQUE,
    kind     TEXT    NOT NULL,
    snapshot BLOB,                       -- accepted state; NULL until it first came
    digest   BLOB,                       -- of the accepted heads, for the manifest
    in_scope INTEGER NOT NULL,
    run      INTEGER NOT NULL,           -- the reading that last named it
    stuck    INTEGER NOT NULL DEFAULT 0, -- cannot take a change or cannot be read
    want     INTEGER NOT NULL DEFAULT 0, -- ask for it whole
    branch   INTEGER NOT NULL DEFAULT 0  -- of this phone's line in it
) STRICT;
CREATE INDEX doc_want ON doc (id) WHERE want = 1;
-- For lists, which would read past every snapshot in the table itself.
CREATE INDEX doc_place ON doc (id, in_scope, stuck);

-- What a phone still held when the server sent a document without it. Nothing is wiped.
CREATE TABLE attic (
    document TEXT    PRIMARY KEY REFERENCES doc (id) ON DELETE CASCADE,
    snapshot BLOB    NOT NULL,
    epoch    INTEGER NOT NULL
) STRICT;

CREATE TABLE intent (
    n          INTEGER PRIMARY KEY AUTOINCREMENT,
    operation  TEXT    NOT NULL UNIQUE,
    document   TEXT    NOT NULL REFERENCES doc (id),
    entry      TEXT    NOT NULL,         -- act, author, time and predecessors, as in the document
    state      TEXT    NOT NULL CHECK (state IN ('saved', 'merged', 'overruled', 'refused')),
    code       TEXT,                     -- why, when overruled or refused
    saved_at   INTEGER NOT NULL,
    settled_at INTEGER
) STRICT;
CREATE INDEX intent_document ON intent (document, n);
CREATE INDEX intent_saved ON intent (n) WHERE state = 'saved';

-- `left`: its line was left behind, its operation was written again or settled otherwise.
CREATE TABLE change (
    n         INTEGER PRIMARY KEY AUTOINCREMENT,
    document  TEXT    NOT NULL REFERENCES doc (id),
    hash      BLOB    NOT NULL UNIQUE CHECK (length(hash) = 32),
    bytes     BLOB    NOT NULL,
    actor     BLOB    NOT NULL,
    install   BLOB    NOT NULL,
    branch    INTEGER NOT NULL,
    operation TEXT    NOT NULL REFERENCES intent (operation),
    state     TEXT    NOT NULL CHECK (state IN ('pending', 'sent', 'merged', 'overruled', 'refused', 'left'))
) STRICT;
CREATE INDEX change_live ON change (n) WHERE state IN ('pending', 'sent');
CREATE INDEX change_document ON change (document, n);
CREATE INDEX change_operation ON change (operation);

-- Downloaded changes whose dependencies have not come yet.
CREATE TABLE held (
    hash     BLOB    PRIMARY KEY CHECK (length(hash) = 32),
    document TEXT    NOT NULL,
    bytes    BLOB    NOT NULL,
    since    INTEGER NOT NULL
) STRICT;
CREATE INDEX held_document ON held (document);

-- Cards: what did not become what the person meant, with the person's own words.
CREATE TABLE inbox (
    operation TEXT    PRIMARY KEY,
    document  TEXT    NOT NULL,
    number    TEXT    NOT NULL,
    act       TEXT    NOT NULL,
    own_words TEXT    NOT NULL,
    fate      TEXT    NOT NULL CHECK (fate IN ('overruled', 'refused')),
    code      TEXT    NOT NULL,
    at        INTEGER NOT NULL,
    dismissed INTEGER NOT NULL DEFAULT 0
) STRICT;

-- What the phone itself has to say; one line per code.
CREATE TABLE notice (
    code TEXT    PRIMARY KEY,
    at   INTEGER NOT NULL
) STRICT;

CREATE TABLE counter (
    name  TEXT    PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT;

CREATE TABLE "row" (
    kind     TEXT NOT NULL,
    id       TEXT NOT NULL,
    json     TEXT NOT NULL,
    label    TEXT NOT NULL, -- name in Chinese or as given, for lists
    label_en TEXT NOT NULL,
    detail   TEXT NOT NULL, -- number of a part, address of a site
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE stock (
    location TEXT    NOT NULL,
    part     TEXT    NOT NULL,
    quantity INTEGER NOT NULL,
    as_of    INTEGER NOT NULL,
    PRIMARY KEY (location, part)
) STRICT, WITHOUT ROWID;

-- Own uses of parts that the server's stock does not reflect yet.
CREATE TABLE part_use (
    operation TEXT    PRIMARY KEY,
    location  TEXT    NOT NULL,
    part      TEXT    NOT NULL,
    quantity  INTEGER NOT NULL,
    settled   INTEGER NOT NULL DEFAULT 0 -- merged; goes with the next complete page
) STRICT;
CREATE INDEX part_use_place ON part_use (location, part);

CREATE TABLE ticket_row (
    document   TEXT    PRIMARY KEY REFERENCES doc (id) ON DELETE CASCADE,
    number     TEXT    NOT NULL,
    status     TEXT    NOT NULL,
    visit      TEXT,               -- my visit
    phase      TEXT,
    withdrawn  INTEGER NOT NULL,   -- HQ took my visit away
    open       INTEGER NOT NULL,   -- something is left for me to do
    plan_start INTEGER,
    plan_end   INTEGER,
    priority   TEXT    NOT NULL,
    vip        INTEGER NOT NULL,
    deadline   INTEGER,
    customer   TEXT,
    contact    TEXT,
    site       TEXT,
    asset      TEXT,
    category   TEXT,
    fault      TEXT,
    fault_text TEXT    NOT NULL,
    urges      INTEGER NOT NULL,
    pending    INTEGER NOT NULL,   -- own operations without a fate
    sort       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX ticket_row_order ON ticket_row (open, sort);
CREATE INDEX ticket_row_asset ON ticket_row (asset);

CREATE TABLE article (
    n        INTEGER PRIMARY KEY,
    document TEXT    NOT NULL UNIQUE REFERENCES doc (id) ON DELETE CASCADE,
    manual   INTEGER NOT NULL,
    title_zh TEXT    NOT NULL,
    title_en TEXT    NOT NULL,
    category TEXT,
    faults   TEXT    NOT NULL, -- codes between spaces
    models   TEXT    NOT NULL
) STRICT;
CREATE VIRTUAL TABLE article_fts USING fts5 (
    title, body, content = '', contentless_delete = 1, tokenize = 'porter unicode61'
);

CREATE TABLE fix (
    n          INTEGER PRIMARY KEY AUTOINCREMENT,
    at         INTEGER NOT NULL,
    lat        REAL    NOT NULL,
    lon        REAL    NOT NULL,
    accuracy_m REAL    NOT NULL
) STRICT;
