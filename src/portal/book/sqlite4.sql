-- Version 4: one-time codes by which facilities enrol. Each lets in one device and one administrator.
CREATE TABLE invitation (
  secret TEXT PRIMARY KEY,
  fac TEXT NOT NULL,
  until_ms INTEGER NOT NULL,
  device TEXT,
  person TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX invitation_fac ON invitation (fac);
-- Whether a request proved that it knows the code of its facility.
ALTER TABLE enrolment ADD COLUMN invited INTEGER NOT NULL DEFAULT 0;
-- Keys that a facility suspended by itself, since when, and by which entries: each has to be ended by
-- somebody who knew of it.
CREATE TABLE suspension (
  kid TEXT NOT NULL,
  h TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  jid TEXT NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (kid, h)
) STRICT, WITHOUT ROWID;
