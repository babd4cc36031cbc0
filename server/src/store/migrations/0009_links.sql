-- Who made a tracking link and who ended it, as authors are written: a ticket's timeline tells it. Of what was done before
-- this schema, and of links that ended by themselves, nobody is named.
ALTER TABLE tracking ADD COLUMN made_by TEXT;
ALTER TABLE tracking ADD COLUMN ended_by TEXT;

-- What is kept for a ticket is given back when that is over.
CREATE INDEX stock_grant_ticket ON stock_grant (ticket) WHERE ended_at IS NULL AND ticket IS NOT NULL;
CREATE INDEX stock_request_document ON stock_request (document) WHERE done_at IS NULL;
