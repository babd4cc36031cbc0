-- Compacting was left to the apps, and none did it: stores only grew. A complete sync does it now, once a day.
ALTER TABLE cursor ADD COLUMN compacted_at INTEGER; -- server time of the last one
