-- Version 3: one-time codes by which facilities enrol. Each lets in one device and one administrator.
CREATE TABLE invitation (
  secret TEXT COLLATE "C" PRIMARY KEY,
  fac TEXT COLLATE "C" NOT NULL,
  until_ms BIGINT NOT NULL,
  device TEXT COLLATE "C",
  person TEXT COLLATE "C"
);
CREATE INDEX invitation_fac ON invitation (fac);
-- Whether a request proved that it knows the code of its facility.
ALTER TABLE enrolment ADD COLUMN invited BIGINT NOT NULL DEFAULT 0;
-- Keys that a facility suspended by itself, since when, and by which entries: each has to be ended by
-- somebody who knew of it.
CREATE TABLE suspension (
  kid TEXT COLLATE "C" NOT NULL,
  h TEXT COLLATE "C" NOT NULL,
  at_ms BIGINT NOT NULL,
  jid TEXT COLLATE "C" NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (kid, h)
);
