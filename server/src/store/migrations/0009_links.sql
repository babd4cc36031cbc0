-- Who made a tracking link and who ended it, as authors are written: a ticket's timeline tells it. Of what was done before
-- this schema, and of links that ended by themselves, nobody is named.
ALTER TABLE tracking ADD COLUMN made_by TEXT;
ALTER TABLE tracking ADD COLUMN ended_by TEXT;
