-- Version 5: the decisions about notifications, kept for ever, and what they add up to.
CREATE TABLE decision (
  no BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,  -- order in which they were taken
  nid TEXT COLLATE "C" NOT NULL,
  h TEXT COLLATE "C" NOT NULL,       -- the entry that it was about
  rev BIGINT NOT NULL,               -- its revision
  at_ms BIGINT NOT NULL,
  steps TEXT COLLATE "C" NOT NULL,   -- JSON, `record::Step`
  evidence TEXT COLLATE "C" NOT NULL -- JSON, `unit::evidence`
);
CREATE INDEX decision_notification ON decision (nid, no);
-- What the decisions add up to (JSON, `record::Record`); none where an older version kept none.
ALTER TABLE notification ADD COLUMN record TEXT COLLATE "C";
CREATE INDEX notification_received ON notification (first_ms) WHERE status = 'received';
-- Which notifications name which.
CREATE TABLE named (
  of TEXT COLLATE "C" NOT NULL,
  nid TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (of, nid, kind)
);
-- Journals of which a registrar ruled when their entries up to then were signed.
CREATE TABLE time_ruling (
  jid TEXT COLLATE "C" PRIMARY KEY,
  until_ms BIGINT NOT NULL,
  login TEXT COLLATE "C" NOT NULL
);
UPDATE notification SET drawn = 0;
