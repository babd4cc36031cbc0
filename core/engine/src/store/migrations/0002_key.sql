-- One flipped bit in the secret of the device key made every line of this phone unprovable for ever, in silence. What
-- lines are proven with is sealed now. A seed that does not fit its seal is replaced; nothing is sent before the new
-- key is enrolled. A store of the version before is sealed when it is opened.
ALTER TABLE identity ADD COLUMN seal BLOB CHECK (length(seal) = 32);
ALTER TABLE identity ADD COLUMN key_lost INTEGER NOT NULL DEFAULT 0;
