-- Version 2: the registry's people, families, finding, the ministry's figures.
ALTER TABLE notification ADD COLUMN cert_no TEXT;
ALTER TABLE notification ADD COLUMN cert_on TEXT;
-- Every change of the row clears it; drawing its words and its fact sets it.
ALTER TABLE notification ADD COLUMN drawn INTEGER NOT NULL DEFAULT 0;
CREATE INDEX notification_undrawn ON notification (first_ms) WHERE drawn = 0;
CREATE TABLE account (
  login TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  place TEXT NOT NULL,
  phrase TEXT NOT NULL,
  second TEXT NOT NULL,
  step INTEGER NOT NULL,
  fails INTEGER NOT NULL,
  not_before_ms INTEGER NOT NULL,
  active INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE link (
  h TEXT PRIMARY KEY,
  login TEXT NOT NULL,
  until_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE visit (
  h TEXT PRIMARY KEY,
  login TEXT NOT NULL,
  since_ms INTEGER NOT NULL,
  seen_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE act (
  no INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  login TEXT NOT NULL,
  place TEXT NOT NULL,
  act TEXT NOT NULL,
  nid TEXT NOT NULL
) STRICT;
CREATE TABLE family (
  nid TEXT PRIMARY KEY,
  body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE word (
  office TEXT NOT NULL,
  word TEXT NOT NULL,
  nid TEXT NOT NULL,
  PRIMARY KEY (office, word, nid)
) STRICT, WITHOUT ROWID;
CREATE INDEX word_nid ON word (nid);
CREATE TABLE fact (
  nid TEXT PRIMARY KEY,
  month INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX fact_month ON fact (month);
CREATE TABLE fact_change (
  no INTEGER PRIMARY KEY AUTOINCREMENT,
  month INTEGER NOT NULL
) STRICT;
CREATE TABLE cell (
  kind TEXT NOT NULL,
  place TEXT NOT NULL,
  month INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (kind, month, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE tally (
  fac TEXT NOT NULL,
  month INTEGER NOT NULL,
  births INTEGER NOT NULL,
  foetal INTEGER NOT NULL,
  deaths INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (fac, month)
) STRICT, WITHOUT ROWID;
CREATE TABLE alert (
  nid TEXT PRIMARY KEY,
  fac TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  told INTEGER NOT NULL DEFAULT 0,
  seen_by TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
