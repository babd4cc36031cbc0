-- The first tables: the log with its feeds, documents and fates; the central record projected from them; reference
-- rows; people, devices and sessions. Times are integer milliseconds UTC.

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;

-- The log: everything that changed, in one order, each entry chained to the one before.
CREATE TABLE log (
  seq INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('change','row','row_gone','enter','drop','fate')),
  document TEXT,              -- change, enter, drop
  hash BLOB,                  -- change
  row_kind TEXT, row_id TEXT, -- row, row_gone
  operation TEXT,             -- change, fate
  chain BLOB NOT NULL CHECK (length(chain) = 32),
  at INTEGER NOT NULL
) STRICT;

-- When a document came to, or left, somebody; rarely asked, so only these entries are indexed.
CREATE INDEX log_scope ON log (document, seq) WHERE kind IN ('enter','drop');

-- Which entries concern whom: 'shared', 'engineer:<id>', 'device:<id>'.
CREATE TABLE feed (channel TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (channel, seq)) STRICT, WITHOUT ROWID;

CREATE TABLE document (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('ticket','article')),
  snapshot BLOB NOT NULL,     -- as automerge saves it, uncompressed
  heads BLOB NOT NULL,        -- sorted 32-byte hashes
  last_seq INTEGER NOT NULL   -- newest log entry contained
) STRICT, WITHOUT ROWID;
-- Every exchange asks for the heads of all a phone holds; beside the snapshots each of them costs a walk over pages.
CREATE INDEX document_heads ON document (id, heads, last_seq);

CREATE TABLE change (
  hash BLOB PRIMARY KEY CHECK (length(hash) = 32),
  document TEXT NOT NULL REFERENCES document (id),
  actor BLOB NOT NULL,
  actor_seq INTEGER NOT NULL,
  seq INTEGER NOT NULL UNIQUE,
  bytes BLOB NOT NULL,
  operation TEXT NOT NULL,
  device TEXT,                -- NULL = the server itself
  install BLOB,               -- of the app that wrote it; NULL = the server itself
  UNIQUE (document, actor, actor_seq)
) STRICT;
CREATE INDEX change_document ON change (document, seq);

-- One fate per operation, for ever.
CREATE TABLE fate (
  operation TEXT PRIMARY KEY,
  document TEXT NOT NULL,
  fate TEXT NOT NULL CHECK (fate IN ('merged','overruled','refused')),
  code TEXT,
  hash BLOB NOT NULL,         -- the change that won it
  device TEXT,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Changes that were not taken, with the bytes: refused for good, or held because their device was revoked.
CREATE TABLE refused (
  hash BLOB PRIMARY KEY,
  document TEXT NOT NULL,
  operation TEXT,
  code TEXT NOT NULL,
  device TEXT NOT NULL,
  bytes BLOB NOT NULL,
  entry TEXT,                 -- the person's own words, when they could be read
  at INTEGER NOT NULL,
  seen_at INTEGER, seen_by TEXT -- when somebody at HQ dealt with it, and who
) STRICT;
CREATE INDEX refused_document ON refused (document);
CREATE INDEX refused_operation ON refused (operation);
CREATE INDEX refused_device ON refused (device) WHERE code = 'device_revoked';
CREATE INDEX refused_waiting ON refused (at) WHERE seen_at IS NULL;

-- Who holds what: an engineer's id, or 'shared' for what everybody holds; seq = the log entry by which it came.
CREATE TABLE scope (engineer TEXT NOT NULL, document TEXT NOT NULL, seq INTEGER NOT NULL,
  PRIMARY KEY (engineer, document)) STRICT, WITHOUT ROWID;
CREATE INDEX scope_document ON scope (document);
CREATE TABLE reach (document TEXT NOT NULL, row_kind TEXT NOT NULL, row_id TEXT NOT NULL,
  PRIMARY KEY (document, row_kind, row_id)) STRICT, WITHOUT ROWID;
CREATE INDEX reach_row ON reach (row_kind, row_id);

-- Reference rows; the views below give them columns.
CREATE TABLE row (
  kind TEXT NOT NULL, id TEXT NOT NULL,
  body TEXT NOT NULL,         -- model::row::Row as JSON
  seq INTEGER NOT NULL,
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
CREATE VIEW customer AS SELECT id, body ->> '$.customer.name' AS name, body ->> '$.customer.name_en' AS name_en,
  body ->> '$.customer.vip' AS vip, body ->> '$.customer.sla_plan' AS sla_plan, body ->> '$.customer.contract' AS contract
  FROM row WHERE kind = 'customer';
CREATE VIEW contact AS SELECT id, body ->> '$.contact.customer' AS customer, body ->> '$.contact.name' AS name,
  body ->> '$.contact.phone' AS phone FROM row WHERE kind = 'contact';
CREATE VIEW site AS SELECT id, body ->> '$.site.customer' AS customer, body ->> '$.site.city' AS city,
  body ->> '$.site.district' AS district, body ->> '$.site.address' AS address,
  body ->> '$.site.position.lat' AS lat, body ->> '$.site.position.lon' AS lon FROM row WHERE kind = 'site';
CREATE VIEW asset AS SELECT id, body ->> '$.asset.site' AS site, body ->> '$.asset.category' AS category,
  body ->> '$.asset.model' AS model, body ->> '$.asset.model_zh' AS model_zh, body ->> '$.asset.model_en' AS model_en,
  body ->> '$.asset.serial' AS serial, body ->> '$.asset.warranty_end' AS warranty_end FROM row WHERE kind = 'asset';
CREATE VIEW engineer AS SELECT id, body ->> '$.engineer.name' AS name, body ->> '$.engineer.name_en' AS name_en,
  body -> '$.engineer.skills' AS skills, body ->> '$.engineer.van' AS van FROM row WHERE kind = 'engineer';
CREATE VIEW part AS SELECT id, body ->> '$.part.number' AS number, body ->> '$.part.name_zh' AS name_zh,
  body ->> '$.part.name_en' AS name_en FROM row WHERE kind = 'part';
CREATE VIEW location AS SELECT id, body ->> '$.location.van' AS van, body ->> '$.location.name_zh' AS name_zh,
  body ->> '$.location.name_en' AS name_en FROM row WHERE kind = 'location';
CREATE VIEW code AS SELECT id, body ->> '$.code.sort' AS sort, body ->> '$.code.zh' AS zh, body ->> '$.code.en' AS en
  FROM row WHERE kind = 'code';
CREATE INDEX row_site_customer ON row (body ->> '$.site.customer') WHERE kind = 'site';
CREATE INDEX row_contact_customer ON row (body ->> '$.contact.customer') WHERE kind = 'contact';
CREATE INDEX row_asset_site ON row (body ->> '$.asset.site') WHERE kind = 'asset';
CREATE INDEX row_engineer_van ON row (body ->> '$.engineer.van') WHERE kind = 'engineer';
CREATE INDEX row_asset_serial ON row (body ->> '$.asset.serial') WHERE kind = 'asset';

-- What HQ keeps beside the reference rows. It stands apart because rows travel to phones and none of this ever does.
CREATE TABLE sla_plan (
  code TEXT PRIMARY KEY,
  name_zh TEXT NOT NULL, name_en TEXT NOT NULL,
  response_min INTEGER NOT NULL, onsite_min INTEGER NOT NULL, -- minutes of service time
  hours TEXT NOT NULL         -- when the clock runs: '1-5 09:00-18:00', ISO weekdays
) STRICT, WITHOUT ROWID;
CREATE TABLE engineer_file (engineer TEXT PRIMARY KEY, phone TEXT, home_lat REAL, home_lon REAL) STRICT, WITHOUT ROWID;
CREATE TABLE engineer_certificate (
  engineer TEXT NOT NULL,
  code TEXT NOT NULL,
  expires_on TEXT NOT NULL,   -- ISO date, the last valid day
  PRIMARY KEY (engineer, code)
) STRICT, WITHOUT ROWID;
CREATE TABLE part_price (part TEXT PRIMARY KEY, minor INTEGER NOT NULL, currency TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- The central record: what the fold says, at fold_version.
CREATE TABLE ticket (
  id TEXT PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  status TEXT NOT NULL,
  label TEXT NOT NULL,
  channel TEXT NOT NULL,
  customer TEXT, contact TEXT, site TEXT, asset TEXT,
  category TEXT, fault TEXT, fault_text TEXT NOT NULL,
  priority TEXT NOT NULL, vip INTEGER NOT NULL,
  deadline INTEGER, wished_start INTEGER, wished_end INTEGER,
  engineer TEXT,              -- of the current visit
  plan_start INTEGER,
  merged_into TEXT,
  reviews INTEGER NOT NULL,   -- open review items
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  closed_at INTEGER,
  fold_version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX ticket_status ON ticket (status, deadline);
CREATE INDEX ticket_customer ON ticket (customer);
CREATE INDEX ticket_asset ON ticket (asset);

CREATE TABLE visit (
  id TEXT PRIMARY KEY,
  ticket TEXT NOT NULL REFERENCES ticket (id),
  engineer TEXT,
  offered_to TEXT NOT NULL,   -- JSON list
  phase TEXT NOT NULL,
  phase_reason TEXT,
  withdrawn TEXT,
  plan_start INTEGER, plan_end INTEGER, eta INTEGER,
  accepted_at INTEGER, departed_at INTEGER, arrived_at INTEGER, started_at INTEGER, done_at INTEGER,
  result TEXT, cause TEXT, remedy TEXT, report TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX visit_ticket ON visit (ticket);
CREATE INDEX visit_engineer ON visit (engineer, phase);

-- Every entry of every document, with both times.
CREATE TABLE event (
  operation TEXT PRIMARY KEY,
  document TEXT NOT NULL,
  path TEXT NOT NULL,
  act TEXT NOT NULL,
  author TEXT NOT NULL,
  entry TEXT NOT NULL,        -- the entry's JSON
  at INTEGER NOT NULL,        -- device time clamped to [causal predecessor, receipt]
  clamped INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('merged','overruled')),
  code TEXT,
  seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX event_document ON event (document, seq);

CREATE TABLE review (
  operation TEXT PRIMARY KEY,
  ticket TEXT NOT NULL,
  what TEXT NOT NULL,
  at INTEGER NOT NULL,
  done_at INTEGER, done_by TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX review_ticket ON review (ticket);

-- Stock: a ledger, and its sum.
CREATE TABLE movement (
  operation TEXT NOT NULL,
  location TEXT NOT NULL,
  part TEXT NOT NULL,
  quantity INTEGER NOT NULL,  -- signed
  document TEXT,
  at INTEGER NOT NULL,
  PRIMARY KEY (operation, location, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX movement_document ON movement (document) WHERE document IS NOT NULL;
CREATE TABLE stock (location TEXT NOT NULL, part TEXT NOT NULL, quantity INTEGER NOT NULL,
  PRIMARY KEY (location, part)) STRICT, WITHOUT ROWID;

CREATE TABLE article (
  id TEXT PRIMARY KEY,
  manual INTEGER NOT NULL,
  title_zh TEXT NOT NULL, title_en TEXT NOT NULL,
  category TEXT, faults TEXT NOT NULL, models TEXT NOT NULL,
  annotations INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE article_text USING fts5 (id UNINDEXED, title, body, tokenize = 'porter unicode61');

-- People and devices.
CREATE TABLE device (
  id TEXT PRIMARY KEY,
  engineer TEXT NOT NULL,
  name TEXT NOT NULL,
  public_key BLOB NOT NULL CHECK (length(public_key) = 32),
  token_hash BLOB NOT NULL UNIQUE,
  app TEXT,
  enrolled_at INTEGER NOT NULL,
  last_seen_at INTEGER,
  cursor_seq INTEGER,
  revoked_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX device_engineer ON device (engineer);
CREATE TABLE install (device TEXT NOT NULL, install BLOB NOT NULL, counter INTEGER NOT NULL, rotated INTEGER NOT NULL,
  PRIMARY KEY (device, install)) STRICT, WITHOUT ROWID;
CREATE TABLE enrol_code (code_hash BLOB PRIMARY KEY, engineer TEXT NOT NULL, expires_at INTEGER NOT NULL, used_at INTEGER,
  device TEXT) STRICT, WITHOUT ROWID;
CREATE TABLE position (engineer TEXT PRIMARY KEY, lat REAL NOT NULL, lon REAL NOT NULL, accuracy_m REAL NOT NULL,
  at INTEGER NOT NULL, received_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE staff (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,  -- sign-in name
  display_name TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('admin','manager','dispatcher','agent','keeper')),
  password_hash TEXT,
  lang TEXT NOT NULL,
  disabled_at INTEGER
) STRICT, WITHOUT ROWID;
-- Tokens of any kind are 256 random bits; only their SHA-256 stands here.
CREATE TABLE session (token_hash BLOB PRIMARY KEY, staff TEXT NOT NULL, csrf TEXT NOT NULL, created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE api_token (
  token_hash BLOB PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,  -- what it is for
  staff TEXT NOT NULL,        -- in whose name it acts
  role TEXT NOT NULL CHECK (role IN ('admin','manager','dispatcher','agent','keeper')),
  created_at INTEGER NOT NULL,
  expires_at INTEGER,         -- NULL = until revoked
  revoked_at INTEGER
) STRICT, WITHOUT ROWID;
-- Tries to sign in since `first_at`, by SHA-256 of a name or an address: what was typed may be a password.
CREATE TABLE signin_try (key BLOB PRIMARY KEY, tries INTEGER NOT NULL, first_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX signin_try_first ON signin_try (first_at);
CREATE TABLE signin_link (token_hash BLOB PRIMARY KEY, staff TEXT NOT NULL, expires_at INTEGER NOT NULL, used_at INTEGER) STRICT, WITHOUT ROWID;
CREATE TABLE tracking (token TEXT PRIMARY KEY, ticket TEXT NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
  revoked_at INTEGER) STRICT, WITHOUT ROWID;
CREATE INDEX tracking_ticket ON tracking (ticket);
-- A POST that may be repeated: `status` 0 while it runs. Its ids are derived from (staff, key, at), so a repetition after
-- a crash does the same thing and not a second one.
CREATE TABLE idempotency (staff TEXT NOT NULL, key TEXT NOT NULL, request_hash BLOB NOT NULL, status INTEGER NOT NULL,
  body BLOB NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (staff, key)) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_at ON idempotency (at);

-- What happened, for workers: written with the state it tells of.
CREATE TABLE domain_event (seq INTEGER PRIMARY KEY AUTOINCREMENT, ticket TEXT, kind TEXT NOT NULL, body TEXT NOT NULL,
  at INTEGER NOT NULL) STRICT;
CREATE TABLE worker (name TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;
