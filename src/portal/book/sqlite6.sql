-- Version 6: the decisions about notifications, kept for ever, and what they add up to.
CREATE TABLE decision (
  no INTEGER PRIMARY KEY,           -- order in which they were taken
  nid TEXT NOT NULL,
  h TEXT NOT NULL,                  -- the entry that it was about
  rev INTEGER NOT NULL,             -- its revision
  at_ms INTEGER NOT NULL,
  steps TEXT NOT NULL,              -- JSON, `record::Step`
  evidence TEXT NOT NULL            -- JSON, `unit::evidence`
) STRICT;
CREATE INDEX decision_notification ON decision (nid, no);
-- What the decisions add up to (JSON, `record::Record`); none where an older version kept none.
ALTER TABLE notification ADD COLUMN record TEXT;
CREATE INDEX notification_received ON notification (first_ms) WHERE status = 'received';
-- Which notifications name which.
CREATE TABLE named (
  of TEXT NOT NULL,
  nid TEXT NOT NULL,
  kind TEXT NOT NULL,
  PRIMARY KEY (of, nid, kind)
) STRICT, WITHOUT ROWID;
-- Journals of which a registrar ruled when their entries up to then were signed.
CREATE TABLE time_ruling (
  jid TEXT PRIMARY KEY,
  until_ms INTEGER NOT NULL,
  login TEXT NOT NULL
) STRICT, WITHOUT ROWID;
UPDATE notification SET drawn = 0;
