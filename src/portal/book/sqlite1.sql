-- Version 1. Append only: a later version adds a file of its own.
CREATE TABLE trust (
  number INTEGER PRIMARY KEY,
  jws TEXT NOT NULL
) STRICT;
CREATE TABLE facility (
  fac TEXT PRIMARY KEY,
  name TEXT NOT NULL DEFAULT '',
  district TEXT NOT NULL DEFAULT '',
  office TEXT NOT NULL DEFAULT '',
  n INTEGER NOT NULL DEFAULT 0      -- newest receipt number: gapless, in commit order
) STRICT, WITHOUT ROWID;
CREATE TABLE journal (
  jid TEXT PRIMARY KEY,
  dev TEXT NOT NULL,
  fac TEXT NOT NULL,
  continues TEXT,
  head INTEGER NOT NULL,
  head_h TEXT NOT NULL,
  highest INTEGER NOT NULL,
  forked INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX journal_dev ON journal (dev);
CREATE TABLE entry (
  no INTEGER PRIMARY KEY,           -- order of arrival
  h TEXT NOT NULL UNIQUE,
  id TEXT NOT NULL,
  jid TEXT NOT NULL,
  seq INTEGER NOT NULL,
  prev TEXT NOT NULL,
  nid TEXT NOT NULL,
  rev INTEGER NOT NULL,
  t TEXT NOT NULL,
  fac TEXT NOT NULL,
  kid TEXT NOT NULL,
  verified INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  jws TEXT NOT NULL,                -- the truth; never changed
  status TEXT,                      -- for the desk's list; the verdict decides
  verdict TEXT
) STRICT;
-- Not unique: two entries at one place of a journal are both kept.
CREATE INDEX entry_place ON entry (jid, seq);
CREATE INDEX entry_desk ON entry (status) WHERE status IN ('held', 'prepared', 'annulment-pending');
CREATE INDEX entry_unverified ON entry (kid) WHERE verified = 0;
CREATE TABLE receipt (
  fac TEXT NOT NULL,
  n INTEGER NOT NULL,
  h TEXT NOT NULL,
  jws TEXT NOT NULL,
  -- A receipt given before the portal was restored may share its number with one given after.
  PRIMARY KEY (fac, n, h)
) STRICT, WITHOUT ROWID;
CREATE INDEX receipt_entry ON receipt (h, n);
CREATE TABLE notification (
  nid TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  fac TEXT NOT NULL,
  office TEXT NOT NULL,
  status TEXT NOT NULL,
  rev INTEGER NOT NULL,
  h TEXT NOT NULL,
  effective TEXT NOT NULL,
  reg_no TEXT,
  hold TEXT,
  set_id TEXT,
  set_n INTEGER,
  day INTEGER,
  event_ms INTEGER,
  first_ms INTEGER NOT NULL,
  registered_ms INTEGER,
  void_h TEXT,
  void_kid TEXT
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX notification_number ON notification (reg_no) WHERE reg_no IS NOT NULL;
CREATE INDEX notification_set ON notification (set_id) WHERE set_id IS NOT NULL;
CREATE TABLE waiting (
  waits_for TEXT NOT NULL,
  no INTEGER NOT NULL,
  h TEXT NOT NULL,
  PRIMARY KEY (waits_for, no)
) STRICT, WITHOUT ROWID;
CREATE TABLE alike (
  key TEXT NOT NULL,
  day INTEGER NOT NULL,
  nid TEXT NOT NULL,
  PRIMARY KEY (key, day, nid)
) STRICT, WITHOUT ROWID;
CREATE INDEX alike_nid ON alike (nid);
CREATE TABLE likeness (
  nid TEXT PRIMARY KEY,
  surname TEXT NOT NULL,
  given TEXT NOT NULL,
  patronymic TEXT NOT NULL,
  document TEXT NOT NULL,
  born TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE number (
  office TEXT NOT NULL,
  year INTEGER NOT NULL,
  kind TEXT NOT NULL,
  last INTEGER NOT NULL,
  PRIMARY KEY (office, year, kind)
) STRICT, WITHOUT ROWID;
CREATE TABLE enrolment (
  id TEXT PRIMARY KEY,
  kid TEXT NOT NULL,
  jws TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  state TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE heartbeat (
  dev TEXT PRIMARY KEY,
  fac TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  backlog INTEGER NOT NULL,
  app TEXT NOT NULL,
  jws TEXT NOT NULL
) STRICT, WITHOUT ROWID;
