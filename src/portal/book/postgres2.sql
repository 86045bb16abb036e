-- Version 2: look-alikes by all that two reports state. What is kept of the older way is drawn anew.
DROP TABLE likeness;
DELETE FROM alike;
CREATE TABLE trace (
  nid TEXT COLLATE "C" PRIMARY KEY,
  body TEXT COLLATE "C" NOT NULL
);
UPDATE notification SET drawn = 0;
-- When the oldest was signed of what a device has not sent, Unix milliseconds.
ALTER TABLE heartbeat ADD COLUMN oldest_ms BIGINT;
CREATE INDEX enrolment_kid ON enrolment (kid);
