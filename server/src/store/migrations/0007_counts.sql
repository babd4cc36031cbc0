-- Somebody who counts sees what was used before, also where that comes to HQ later: when each line's part moved, and which
-- lines are counts. What was counted before this schema is not told from what was imported, so it has seen nothing.

ALTER TABLE movement ADD COLUMN moved_at INTEGER NOT NULL DEFAULT 0; -- when it happened, as far as HQ can tell
UPDATE movement SET moved_at = at;
ALTER TABLE movement ADD COLUMN counted INTEGER;                     -- of a count: so many were found
ALTER TABLE movement ADD COLUMN seen_by TEXT;                        -- of a correction: the count that had seen it
CREATE INDEX movement_place ON movement (location, part, moved_at);
CREATE INDEX movement_count ON movement (location, part, moved_at) WHERE counted IS NOT NULL;
