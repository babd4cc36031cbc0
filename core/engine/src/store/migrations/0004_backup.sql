-- What left this phone's scope is deleted only when a backup at HQ covers it, or after a long time: until then this may be
-- the last copy of it, should HQ be restored.

ALTER TABLE cursor ADD COLUMN backup_seq INTEGER;  -- HQ's newest backup covers the log up to here; of this epoch
ALTER TABLE doc ADD COLUMN left_seq INTEGER;       -- where the log stood when this left scope; of this epoch
ALTER TABLE doc ADD COLUMN left_at INTEGER;        -- when that was
UPDATE doc SET left_at = 0 WHERE in_scope = 0;
