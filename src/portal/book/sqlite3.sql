-- Version 3: look-alikes by all that two reports state. What is kept of the older way is drawn anew.
DROP TABLE likeness;
DELETE FROM alike;
CREATE TABLE trace (
  nid TEXT PRIMARY KEY,
  body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
UPDATE notification SET drawn = 0;
-- When the oldest was signed of what a device has not sent, Unix milliseconds.
ALTER TABLE heartbeat ADD COLUMN oldest_ms INTEGER;
CREATE INDEX enrolment_kid ON enrolment (kid);
