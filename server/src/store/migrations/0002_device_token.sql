-- Copies of a phone share its key and so are one device; each copy that enrols again keeps the token it was given.
CREATE TABLE device_token (
  token_hash BLOB PRIMARY KEY CHECK (length(token_hash) = 32),
  device TEXT NOT NULL,
  install BLOB NOT NULL CHECK (length(install) = 16),
  UNIQUE (device, install)
) STRICT, WITHOUT ROWID;
-- Of those given before, the install is not known.
INSERT INTO device_token (token_hash, device, install) SELECT token_hash, id, zeroblob(16) FROM device;
