-- A damaged file's lost rows were missed only where they were work. How an operation counts at present stood on its card
-- alone; how many reference rows there should be, and how much was only counted, nothing could tell.

-- Why HQ counts it no more, or never did; NULL when it counts. HQ may tell it before the fate.
ALTER TABLE intent ADD COLUMN displaced TEXT;
UPDATE intent SET displaced = (
    SELECT code FROM inbox WHERE inbox.operation = intent.operation AND fate = 'overruled' AND at <> 0);
-- The card of an operation that is open again was marked with this time. What its intent says hides it now.
UPDATE inbox SET at = coalesce((SELECT saved_at FROM intent WHERE intent.operation = inbox.operation), 1) WHERE at = 0;

-- How many lines of `row` and `stock` there are, and what `counter` says, once more.
CREATE TABLE tally (
    name  TEXT    PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO tally (name, value)
SELECT 'row', count(*) FROM "row" UNION ALL SELECT 'stock', count(*) FROM stock
UNION ALL SELECT 'counter.' || name, value FROM counter;
-- To count rows without reading them.
CREATE INDEX row_kind ON "row" (kind);
